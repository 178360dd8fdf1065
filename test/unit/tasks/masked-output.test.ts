import { array, assert, constantFrom, property, string, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import { outputMask } from "../../../src/tasks/command/masked-output.ts";

function shown(forms: readonly string[], pieces: readonly (string | Buffer)[]): string {
  const mask = outputMask(forms);
  const parts = pieces.map((piece) => mask.push(Buffer.from(piece)));
  return Buffer.concat([...parts, mask.end()]).toString("utf8");
}

test("a secret is masked wherever the stream is cut", () => {
  const text = "login tiger-moth, tiger-moth";
  for (let at = 0; at <= text.length; at++) {
    const pieces = [text.slice(0, at), text.slice(at)];
    expect(shown(["tiger-moth"], pieces)).toBe("login ***, ***");
  }
  expect(shown(["tiger-moth"], text.split(""))).toBe("login ***, ***");
});

test("nothing waits that cannot be the beginning of a secret", () => {
  const mask = outputMask(["tiger-moth"]);
  expect(mask.push(Buffer.from("ready, ti")).toString()).toBe("ready, ");
  expect(mask.push(Buffer.from("me is 9\n")).toString()).toBe("time is 9\n");
  expect(mask.push(Buffer.from("tiger")).toString()).toBe("");
  expect(mask.end().toString()).toBe("tiger");
});

test("one secret within a longer one, or its beginning, shows nothing of that", () => {
  expect(shown(["abcdefgh", "abcd"], ["abc", "d", "efg", "h abcd"])).toBe("*** ***");
  expect(shown(["xabcd-long", "abcd"], ["xabcd", "-lo", "ng xabcd."])).toBe("*** x***.");
});

test("signs of several bytes and of patterns are masked, other bytes pass as they are", () => {
  expect(
    shown(
      ["pä$$.*ß"],
      [Buffer.from("a pä$$.*ß b").subarray(0, 4), "", Buffer.from("a pä$$.*ß b").subarray(4)],
    ),
  ).toBe("a *** b");
  const bytes = Buffer.from([0, 255, 128, 13, 10, 200]);
  const mask = outputMask(["secret"]);
  expect(Buffer.concat([mask.push(bytes), mask.end()])).toEqual(bytes);
});

test("however a text is cut, the same is shown of it, and no secret", () => {
  const word = string({ unit: constantFrom("a", "b", "c"), minLength: 2, maxLength: 5 });
  assert(
    property(
      uniqueArray(word, { minLength: 1, maxLength: 4 }),
      array(string({ unit: constantFrom("a", "b", "c", "d"), maxLength: 4 }), {
        maxLength: 12,
      }),
      (words, pieces) => {
        const forms = words.toSorted((a, b) => b.length - a.length);
        const cut = shown(forms, pieces);
        expect(cut).toBe(shown(forms, [pieces.join("")]));
        for (const form of forms) expect(cut.split("***").join("|")).not.toContain(form);
      },
    ),
    { numRuns: 2_000 },
  );
});
