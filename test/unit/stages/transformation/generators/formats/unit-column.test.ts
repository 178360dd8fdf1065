import { expect, test } from "vitest";
import {
  durationSeconds,
  unitProposals,
} from "../../../../../../src/stages/transformation/generators/formats/unit-column.ts";

test.each([
  ["1 hr. 45 min.", 6300],
  ["2 hours", 7200],
  ["1 h, 5 min", 3900],
])("%s is a duration", (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

test.each(["1:45", "45 min 1 hr", "1 hr 75 min", "5 kg", "1 hr 45", ""])("%j is none", (text) => {
  expect(durationSeconds(text)).toBeUndefined();
});

test("what does not come out even in the column's unit stays", () => {
  const own = Array.from({ length: 20 }, (_, i) => ({ value: `${i + 60} min`, count: 1 }));
  const odd = ["90 sec", "120 sec", "1 kg"].map((value) => ({ value, count: 1 }));
  const [proposal] = unitProposals({ column: "c", values: [...own, ...odd], complete: true });
  expect(proposal?.step.args).toEqual({ map: [["120 sec", "2 min"]] });
});
