import { expect, test } from "vitest";
import {
  authorityIn,
  corrections,
} from "../../../../../../src/stages/transformation/generators/dependencies/authority.ts";
import { reportsIn } from "../../../../../../src/stages/transformation/generators/dependencies/reports.ts";
import { coded, column } from "./coded.ts";

const OWNERS = ["north", "south"];
const OTHERS = ["alpha", "beta", "gamma", "delta", "echo", "fox"];

/** Parcels that their carrier and six tracking sites report; the sites copy one wrong arrival time. */
function parcels({ named = true, ownerErrs = false } = {}) {
  const rows = Array.from({ length: 40 }, (_, p) => p).flatMap((p) => {
    const owner = OWNERS[p % 2] ?? "";
    const parcel = named ? `${owner.toUpperCase()}-${100 + p}` : `P-${100 + p}`;
    return [owner, ...OTHERS].map((source, s) => {
      const copies = s >= 3 && p % 2 === 1;
      return {
        parcel,
        source,
        weight: `${s === 0 && ownerErrs ? p + 50 : p + 2} kg`,
        depot: `depot ${(p * 7) % 19}`,
        arrival: `${10 + (p % 9)}:${copies ? "3" : "1"}${p % 10}`,
      };
    });
  });
  const names = ["parcel", "source", "weight", "depot", "arrival"] as const;
  return coded(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])));
}

test("entity and source are found where several sources report the same facts", () => {
  const reports = reportsIn(parcels());
  expect([reports?.entity.name, reports?.source.name]).toEqual(["parcel", "source"]);
});

test("a table in which a column depends on the second part of the key is no table of reports", () => {
  const table = parcels();
  const source = column(table, "source");
  expect(
    reportsIn({ ...table, columns: [...table.columns, { ...source, name: "site address" }] }),
  ).toBeUndefined();
});

test("plain facts about entities, on which all agree, are no reports", () => {
  const table = parcels();
  const columns = table.columns.filter(({ name }) => name !== "arrival");
  expect(reportsIn({ ...table, columns })).toBeUndefined();
});

test("the source that an entity is named for is its authority, and corrects the copies", () => {
  const table = parcels();
  const reports = reportsIn(table)!;
  const authority = authorityIn(table, reports)!;
  expect(authority.owners).toEqual(["north", "south"]);
  expect(authority.agreed).toBe(authority.judged);
  const arrival = column(table, "arrival");
  const found = corrections(reports, authority, arrival);
  expect(found).toHaveLength(20);
  expect(found.every(({ count }) => count === 4)).toBe(true);
  expect(corrections(reports, authority, column(table, "weight"))).toEqual([]);
});

test("no authority without names, nor where the owner contradicts what all others agree on", () => {
  const plain = parcels({ named: false });
  expect(authorityIn(plain, reportsIn(plain)!)).toBeUndefined();
  const erring = parcels({ ownerErrs: true });
  expect(authorityIn(erring, reportsIn(erring)!)).toBeUndefined();
});
