import { assert, property, string, stringMatching } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bytes,
  cell,
  count,
  counted,
  difference,
  duration,
  escape,
  fineShare,
  fitting,
  html,
  measure,
  name,
  percent,
  prose,
  score,
  sideBySide,
  sizeOf,
} from "../../../../src/reports/markup/index.ts";

function plain(text: string): string {
  return text.replaceAll("\u00A0", " ");
}

/** What a reader sees: tags gone, entities resolved. */
function seen(markup: { text: string }): string {
  return markup.text
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}

describe("html", () => {
  test("escapes text and keeps markup", () => {
    const inner = html`<b>${"<&>"}</b>`;
    expect(html`<p title="${"\"'"}">${inner}${["a", 1, null, false]}</p>`.text).toBe(
      '<p title="&quot;&#39;"><b>&lt;&amp;&gt;</b>a1</p>',
    );
  });

  test("leaves no character in the page that a document may not hold", () => {
    expect(escape("a\u0000b\u001Fc\u0085\uFFFEd\uD800")).toBe("a\uFFFDb\uFFFDc\uFFFD\uFFFDd\uFFFD");
    expect(escape("tab\tline\n")).toBe("tab\tline\n");
  });

  test("lets no text become a tag", () => {
    assert(
      property(string({ unit: "binary" }), (text) => {
        const page = html`<i>${text}</i>${cell(text)}${name(text)}${prose(text)}`.text;
        expect(
          page.replaceAll(
            /<\/?(?:i|bdi|code|span)(?:\s+class="\w+")?(?:\s+title="U\+\w+")?\s*>/g,
            "",
          ),
        ).not.toMatch(/[<>]/);
      }),
    );
  });

  test("drops the indentation of its source, never that of data", () => {
    const template = html;
    expect(
      template`<p>
        ${"  kept\n  "}
      </p>`.text,
    ).toBe("<p>\n  kept\n  \n</p>");
  });
});

describe("cell", () => {
  test("says that a cell is empty", () => {
    expect(seen(cell(null))).toBe("empty");
  });

  test("marks spaces at the edges and leaves those between words", () => {
    expect(seen(cell(" a b  "))).toBe("␣a b␣␣");
    expect(seen(cell("   "))).toBe("␣␣␣");
  });

  test("makes invisible characters visible", () => {
    expect(seen(cell("a\u00A0b\tc\nd\u0000e\u200Bf\u202Eg\uFEFF"))).toBe(
      "aNBSPb⇥c⏎d␀eZWSPfU+202EgBOM",
    );
  });

  test("cuts a long value and says how long it is", () => {
    const shown = cell("x".repeat(100_000));
    expect(seen(shown)).toBe(`${"x".repeat(80)}… 100\u202F000 characters`);
    expect(sizeOf(shown)).toBeLessThan(300);
  });

  test("counts a surrogate pair as one character and never halves it", () => {
    expect(seen(cell("😀".repeat(4), { limit: 3 }))).toBe("😀😀😀… 4 characters");
  });

  test("takes the length from elsewhere where it has only the beginning", () => {
    expect(seen(cell("abc", { length: 5000 }))).toBe("abc… 5\u202F000 characters");
  });
});

describe("sideBySide", () => {
  test("marks the characters that differ", () => {
    const { before, after } = sideBySide("Birmingxam", "Birmingham");
    expect(before.text).toContain("Birming<del>x</del>am");
    expect(after.text).toContain("Birming<ins>h</ins>am");
  });

  test("marks several places", () => {
    const { before, after } = sideBySide("xheart fxilure", "heart failure");
    expect(before.text).toContain("<del>x</del>heart f<del>x</del>ilure");
    expect(after.text).toContain("heart f<ins>a</ins>ilure");
  });

  test("marks values that have little in common as wholes", () => {
    const { before, after } = sideBySide("Portland", "Chicago");
    expect(before.text).toContain("<del>Portland</del>");
    expect(after.text).toContain("<ins>Chicago</ins>");
  });

  test("shows a space that goes away", () => {
    expect(sideBySide("a ", "a").before.text).toContain('<del><span class="inv">␣</span></del>');
  });

  test("keeps an empty side empty", () => {
    expect(seen(sideBySide(null, "MI").before)).toBe("empty");
    expect(seen(sideBySide("N/A", null).after)).toBe("empty");
  });

  test("shows the part of a long value that differs", () => {
    const [head, tail] = ["a".repeat(3000), "b".repeat(3000)];
    const { before, after } = sideBySide(`${head}X${tail}`, `${head}Y${tail}`);
    expect(before.text).toContain("<del>X</del>");
    expect(after.text).toContain("<ins>Y</ins>");
    expect(seen(before)).toMatch(/^…a{24}Xb+… 6\u202F001 characters$/);
  });

  test("shows both values in full when they are short", () => {
    assert(
      property(stringMatching(/^[a-c]{0,40}$/), stringMatching(/^[a-c]{0,40}$/), (a, b) => {
        const { before, after } = sideBySide(a, b);
        expect([seen(before), seen(after)]).toEqual([a, b]);
      }),
    );
  });
});

describe("numbers", () => {
  test("stand in groups of three digits", () => {
    expect([count(999), count(2410), count(-1_234_567)]).toEqual([
      "999",
      "2\u202F410",
      "−1\u202F234\u202F567",
    ]);
    expect([counted(1, "row"), counted(0, "row"), counted(2, "entry", "entries")]).toEqual([
      "1 row",
      "0 rows",
      "2 entries",
    ]);
  });

  test("say all or nothing only when it is so", () => {
    expect([0, 0.00001, 0.5, 0.99999, 1].map((share) => plain(percent(share)))).toEqual([
      "0 %",
      "< 0.1 %",
      "50.0 %",
      "> 99.9 %",
      "100 %",
    ]);
    expect([0.00034, 0.1].map((share) => plain(fineShare(share)))).toEqual(["0.034 %", "10.0 %"]);
    expect([0, 0.001, 0.71, 0.9966, 0.99999, 1].map((value) => score(value))).toEqual([
      "0.00",
      "< 0.01",
      "0.71",
      "0.9966",
      "> 0.999",
      "1.00",
    ]);
    expect([difference(0.5, 0.75), difference(0.5, 0.5), difference(0.501, 0.5)]).toEqual([
      "+0.25",
      "no change",
      "−less than 0.01",
    ]);
  });

  test("have their units", () => {
    expect([bytes(1), bytes(999), bytes(1500), bytes(231_412), bytes(5e12)]).toEqual([
      "1 byte",
      "999 bytes",
      "1.5 kB",
      "231 kB",
      "5.0 TB",
    ]);
    const lengths = [340, 12_440, 185_000, 3_599_400, 3_599_600, 7_500_000];
    expect(lengths.map((ms) => duration(ms))).toEqual([
      "340 ms",
      "12.4 s",
      "3 min 05 s",
      "59 min 59 s",
      "1 h 00 min",
      "2 h 05 min",
    ]);
  });

  test("keep what a measurement says", () => {
    expect([0.0597, -1234.5, 1e21, 100, 0.1 + 0.2].map((value) => measure(value))).toEqual([
      "0.0597",
      "−1\u202F234.5",
      "1.00000e+21",
      "100",
      "0.3",
    ]);
  });
});

test("a budget is kept and what is left out is counted", () => {
  const { shown, left } = fitting([1, 2, 3, 4], 20, (n) => html`<i>${n}</i>`);
  expect([shown.map(String), left]).toEqual([["<i>1</i>", "<i>2</i>"], 2]);
});
