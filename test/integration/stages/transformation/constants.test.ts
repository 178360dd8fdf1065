import { expect, test } from "vitest";
import { series, withSharedEngine, wrangled } from "./wrangled-table.ts";

withSharedEngine();

const only = { generators: ["constants"] };
const ROWS = 3000;
const mix = (i: number, salt: number) => ((i + 1) * 2_654_435_761 + salt * 40_503) % 1_000_003;
const tariff = (i: number) => mix(i, 1) % 6;
const night = (i: number) => mix(i, 2) % 3 === 0;

/** Parking tickets: a night ticket has its tariff's surcharge, a day ticket none. */
function tickets() {
  return {
    tariff: series(ROWS, (i) => `tariff ${tariff(i)}`),
    surcharge: series(ROWS, (i) => (night(i) ? String(10 + tariff(i)) : "0")),
    time: series(ROWS, (i) => (night(i) ? "night" : "day")),
    garage: series(ROWS, (i) => `garage ${mix(i, 3) % 15}`),
  };
}

test("a rule that nearly all rows keep mends the cell that a third column proves wrong", async () => {
  const table = tickets();
  const wrong = series(ROWS, String).flatMap((_, i) =>
    night(i) && mix(i, 4) % 100 === 0 ? [i] : [],
  );
  for (const i of wrong) table.time[i] = "day";
  const t = await wrangled(table, only);
  expect(wrong.length).toBeGreaterThan(5);
  expect(t.changes).toEqual(wrong.map((i) => `${i + 1} time: day -> night`));
});

test("violations that gather in one place are exceptions", async () => {
  const table = tickets();
  for (const [i] of table.time.entries())
    if (night(i) && mix(i, 3) % 15 === 4 && i < 600) table.time[i] = "day";
  const t = await wrangled(table, only);
  expect(t.changes).toEqual([]);
});

test("where nothing tells which cell is wrong, the rule is a suggestion", async () => {
  const { time } = tickets();
  const lit = series(ROWS, (i) => (night(i) ? "lamp on" : "lamp off"));
  for (const [i] of time.entries()) if (night(i) && mix(i, 4) % 100 === 0) time[i] = "day";
  const t = await wrangled({ time, lit }, only);
  expect(t.changes).toEqual([]);
  expect(t.candidates.flatMap(({ suggestions }) => suggestions).length).toBeGreaterThan(0);
});
