import { expect, test } from "vitest";
import { dateProposals } from "../../../../../../src/stages/transformation/generators/formats/date-column.ts";

const pad = (n: number) => String(n).padStart(2, "0");
const own = Array.from({ length: 20 }, (_, i) => `2024-03-${pad(i + 1)}`);
const propose = (...values: string[]) =>
  dateProposals({
    column: "c",
    values: values.map((value) => ({ value, count: 1 })),
    complete: true,
  });

test("a date of another shape is brought to the column's own", () => {
  const [proposal] = propose(...own, "3 Apr 2024");
  expect(proposal?.step.args).toEqual({ from: ["%d %b %Y"], to: "%Y-%m-%d" });
  expect(proposal?.step.evidence?.samples).toEqual([
    { old: "3 Apr 2024", new: "2024-04-03", count: 1 },
  ]);
});

test("which number is the day is decided by the cells that tell", () => {
  expect(propose(...own, "04/05/2024")).toEqual([]);
  expect(propose(...own, "04/05/2024", "25/05/2024")[0]?.step.args).toEqual({
    from: ["%d/%m/%Y"],
    to: "%Y-%m-%d",
  });
  expect(propose(...own, "25/05/2024", "05/25/2024")).toEqual([]);
});

test("a column that is not of dates is left alone", () => {
  expect(propose("1187-9", "283-4", "Sep-82", "3 Apr 2024", ...own.slice(0, 3))).toEqual([]);
});

test("no date is written where the own form may mean two things", () => {
  expect(
    propose(
      ...Array.from({ length: 12 }, (_, i) => `0${(i % 9) + 1}/0${(i % 8) + 1}/2024`),
      "3 Apr 2024",
    ),
  ).toEqual([]);
});

test("a date with the time of its first moment is a date", () => {
  const [proposal] = propose(...own, "2024-04-03 00:00:00");
  expect(proposal?.step.args).toEqual({ from: ["%Y-%m-%d %H:%M:%S"], to: "%Y-%m-%d" });
  expect(proposal?.step.evidence?.samples[0]?.new).toBe("2024-04-03");
});
