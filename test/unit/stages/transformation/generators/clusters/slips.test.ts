import { expect, test } from "vitest";
import { nearPairs } from "../../../../../../src/stages/transformation/generators/clusters/near-frequent.ts";
import { slipsOf } from "../../../../../../src/stages/transformation/generators/clusters/slips.ts";

type Counts = readonly (readonly [string, number])[];

function slips(counts: Counts) {
  const values = counts
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count);
  return slipsOf(values, nearPairs(values));
}
const pairs = (counts: Counts) => slips(counts).slips.map((one) => [one.old, one.new]);
const stock: Counts = [
  ["hammer", 300],
  ["pliers", 250],
  ["wrench", 200],
];

test("typing errors of a closed list are slips, and believed", () => {
  const counts: Counts = [
    ...stock,
    ["hamer", 1],
    ["hammre", 1],
    ["plierz", 1],
    ["wrnch", 2],
    ["wremch", 1],
  ];
  expect(pairs(counts)).toEqual([
    ["wrnch", "wrench"],
    ["hamer", "hammer"],
    ["hammre", "hammer"],
    ["plierz", "pliers"],
    ["wremch", "wrench"],
  ]);
  expect(slips(counts).belief).toBeGreaterThanOrEqual(0.85);
});

test("a name among many names of its own is not believed a slip", () => {
  const villages = Array.from({ length: 20 }, (_, i): [string, number] => [`Untown ${i * 37}`, 1]);
  const counts: Counts = [["Paris", 500], ["Tours", 400], ["Parish", 1], ...villages];
  expect(pairs(counts)).toEqual([["Parish", "Paris"]]);
  expect(slips(counts).belief).toBe(0);
});

test("frequent values that are neighbours themselves show that neighbours prove nothing", () => {
  const counts: Counts = [
    ["Linwood", 40],
    ["Lynwood", 30],
    ["Kinston", 50],
    ["Kingston", 60],
    ["Arlington", 70],
    ["Earlington", 20],
    ["Ainwood", 1],
    ["Kingstin", 1],
  ];
  expect(slips(counts).belief).toBeLessThan(0.5);
});

test.each([
  ["a digit", "part 17 steel", "part 18 steel"],
  ["letter case", "Hammer", "hammer"],
  ["punctuation", "claw hammer", "claw-hammer"],
  ["a plural", "hammers", "hammer"],
  ["a short word", "type b frame", "type a frame"],
])("a difference in %s is no slip", (_what, rare, common) => {
  expect(
    pairs([
      [common, 300],
      [rare, 1],
    ]),
  ).toEqual([]);
});

test("two equally frequent candidates leave a value alone", () => {
  expect(
    pairs([
      ["marten", 100],
      ["martin", 100],
      ["martyn", 1],
    ]),
  ).toEqual([]);
});
