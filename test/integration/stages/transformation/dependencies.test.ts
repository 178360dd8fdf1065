import { expect, test } from "vitest";
import { series, withSharedEngine, wrangled } from "./wrangled-table.ts";

withSharedEngine();

const only = { generators: ["dependency-vote"] };
/** Spread without a pattern that another column could follow; the same on every run. */
const mix = (i: number, salt: number) => ((i + 1) * 2_654_435_761 + salt * 40_503) % 1_000_003;
const letters = "abcdefghijklmnopqrstuvwxyz";

/** Thirty garden centres of fourteen orders each. */
const CENTRES = 30;
const ORDERS = CENTRES * 14;
const centre = (i: number) => i % CENTRES;
const centreName = (c: number) =>
  `${letters[c % 26] ?? ""}${letters[(c * 7) % 26] ?? ""}${letters[(c * 11 + 3) % 26] ?? ""} garden ${letters[(c * 5) % 26] ?? ""}${c}`;
const centreTown = (c: number) => ["Ulm", "Bonn", "Kiel", "Jena", "Trier"][(c * 3) % 5] ?? "";
function orders() {
  return {
    order: series(ORDERS, (i) => `o-${10_000 + i}`),
    code: series(ORDERS, (i) => `GC${100 + centre(i)}`),
    name: series(ORDERS, (i) => centreName(centre(i))),
    phone: series(ORDERS, (i) => `0${7310 + centre(i) * 13}`),
    town: series(ORDERS, (i) => centreTown(centre(i))),
    plant: series(ORDERS, (i) => ["rose", "fern", "moss", "iris", "yew"][mix(i, 1) % 5] ?? ""),
    pieces: series(ORDERS, (i) => String((mix(i, 2) % 40) + 1)),
  };
}

test("a table without errors is left as it is", async () => {
  expect((await wrangled(orders(), only)).changes).toEqual([]);
});

test("stray, foreign and empty cells become what two determinants say, nothing else changes", async () => {
  const table = orders();
  table.name[45] = "abx garden q";
  table.town[101] = "Ulmm";
  table.town[202] = centreTown(centre(202)) === "Kiel" ? "Bonn" : "Kiel";
  table.phone[303] = null;
  table.code[307] = `GC${100 + ((centre(307) + 5) % CENTRES)}`;
  const t = await wrangled(table, only);
  expect(t.changes).toEqual([
    `46 name: abx garden q -> ${centreName(centre(45))}`,
    `102 town: Ulmm -> ${centreTown(centre(101))}`,
    `203 town: ${table.town[202] ?? ""} -> ${centreTown(centre(202))}`,
    `304 phone: ∅ -> 0${7310 + centre(303) * 13}`,
    `308 code: ${table.code[307] ?? ""} -> GC${100 + centre(307)}`,
  ]);
});

const item = (i: number) => i % 40;

const store = (i: number) => Math.floor(i / 40);

const tariff = (i: number) =>
  `${letters[item(i) % 26] ?? ""}t-${item(i)}${store(i) === 7 ? "f" : "n"}`;

test("a block that differs by a reason of its own is left alone, strays beside it are mended", async () => {
  // Each item has a tariff; the free port of store s7 has tariffs of its own, one for each item.
  const rows = 40 * 25;
  const table = {
    item: series(rows, (i) => `item ${letters[item(i) % 26] ?? ""}${item(i)}`),
    label: series(rows, (i) => `${letters[(item(i) * 3) % 26] ?? ""}${item(i)} label`),
    store: series(rows, (i) => `s${store(i)}`),
    tariff: series(rows, tariff),
    sold: series(rows, (i) => String(mix(i, 3) % 90)),
  };
  table.tariff[120] = "bt-?n";
  table.tariff[555] = "zz";
  const t = await wrangled(table, only);
  expect(t.changes).toEqual([
    `121 tariff: bt-?n -> ${tariff(120)}`,
    `556 tariff: zz -> ${tariff(555)}`,
  ]);
});

const road = (i: number) => i % 50;

test("one determinant alone overwrites nothing: its own cell may be the wrong one", async () => {
  const rows = 600;
  const table = {
    road: series(rows, (i) => `road ${road(i)}`),
    district: series(rows, (i) => `district ${road(i) % 9}`),
    meter: series(rows, (i) => String(mix(i, 4) % 997)),
  };
  for (const i of [31, 77, 150, 288, 402]) table.road[i] = `road ${(road(i) + 11) % 50}`;
  expect((await wrangled(table, only)).changes).toEqual([]);
});

test("a group that is divided is neither filled nor overwritten", async () => {
  const rows = 600;
  const table = {
    team: series(rows, (i) => `team ${i % 20}`),
    coach: series(rows, (i) =>
      i % 37 === 0 ? null : `coach ${i % 20}${mix(i, 5) % 2 === 0 ? "a" : "b"}`,
    ),
    score: series(rows, (i) => String(mix(i, 6) % 500)),
  };
  expect((await wrangled(table, only)).changes).toEqual([]);
});

test("two columns that determine together fill what neither tells alone", async () => {
  const rows = 900;
  const table = {
    hall: series(rows, (i) => `hall ${mix(i, 9) % 6}`),
    shelf: series(rows, (i) => `shelf ${mix(i, 10) % 7}`),
    goods: series(rows, (i) => `goods ${((mix(i, 9) % 6) * 5 + (mix(i, 10) % 7) * 3) % 31}`),
    weight: series(rows, (i) => String(mix(i, 11) % 800)),
  };
  const wanted = [...table.goods];
  for (const i of [5, 120, 333, 654]) table.goods[i] = null;
  const t = await wrangled(table, only);
  expect(t.column("goods")).toEqual(wanted);
  expect(t.changes).toHaveLength(4);
});

const planned = (f: number) => `${6 + (f % 14)}:${10 + ((f * 7) % 45)}`;
const left = (f: number) => `${6 + (f % 14)}:${10 + ((f * 11) % 45)}`;
const copied = (f: number) => `${6 + (f % 14)}:${10 + ((f * 17 + 5) % 45)}`;
/** Seventy ferries that nine sites report on; some sites copy one that is wrong about departures. */
function ferries(owned: boolean) {
  const sites = ["blue", "red", "s1", "s2", "s3", "s4", "s5", "s6", "s7"];
  const rows = 70 * sites.length;
  const ferry = (i: number) => Math.floor(i / sites.length);
  const site = (i: number) => i % sites.length;
  const name = (f: number) =>
    owned ? `${f % 2 === 0 ? "BLUE" : "RED"} ${200 + f}` : `ferry ${200 + f}`;
  // An owner reports only on its own ferries.
  const told = series(rows, String).flatMap((_, i) =>
    site(i) < 2 && site(i) !== ferry(i) % 2 ? [] : [i],
  );
  return {
    told,
    ferry,
    site,
    table: {
      ferry: told.map((i) => name(ferry(i))),
      site: told.map((i) => sites[site(i)] ?? ""),
      planned: told.map((i) => (mix(i, 7) % 5 === 0 && site(i) > 1 ? null : planned(ferry(i)))),
      left: told.map((i) => {
        if (mix(i, 8) % 9 === 0 && site(i) > 1) return null;
        return site(i) > 4 ? copied(ferry(i)) : left(ferry(i));
      }),
    },
  };
}

test("among sources that copy each other no majority is believed, what all agree on is filled", async () => {
  const { table, told, ferry } = ferries(false);
  const t = await wrangled(table, only);
  expect(t.column("planned")).toEqual(told.map((i) => planned(ferry(i))));
  expect(t.changes.filter((change) => change.includes(" left:"))).toEqual([]);
});

test("where entities are named for their source, its word stands against the copies", async () => {
  const { table, told, ferry } = ferries(true);
  const t = await wrangled(table, only);
  expect(t.column("left")).toEqual(told.map((i) => left(ferry(i))));
});
