import { expect, test } from "vitest";
import { series, withSharedEngine, wrangled } from "./wrangled-table.ts";

withSharedEngine();

const only = { generators: ["clusters"] };
const mix = (i: number) => ((i + 1) * 2_654_435_761) % 1_000_003;
const TREES = ["silver birch", "red maple", "english oak", "scots pine", "common beech"];
const tree = (i: number) => TREES[mix(i) % TREES.length] ?? "";

const damage = (text: string | null, at: number) =>
  `${text?.slice(0, at) ?? ""}z${text?.slice(at + 1) ?? ""}`;

test("a letter that noise writes over others is undone in words, codes and long texts", async () => {
  const rows = 600;
  const table = {
    tree: series(rows, tree),
    plot: series(rows, (i) => `P-${1000 + (mix(i) % 12)}`),
    note: series(rows, (i) => `planted by ward ${i % 150} in autumn`),
  };
  const wanted = structuredClone(table);
  for (const i of series(24, String).map((_, k) => k * 23))
    table.tree[i] = damage(tree(i), 1 + (i % 8));
  table.plot[7] = damage(table.plot[7] ?? null, 2);
  table.note[9] = "planzed by zard 9 in azzumn";
  const t = await wrangled(table, only);
  expect(t.column("tree")).toEqual(wanted.tree);
  expect(t.column("plot")).toEqual(wanted.plot);
  expect(t.column("note")).toEqual(wanted.note);
});

test("typing errors in a closed list are mended", async () => {
  const table = { tree: series(500, tree) };
  const slips: [number, string][] = [
    [10, "silver brich"],
    [60, "red mapel"],
    [110, "englsh oak"],
    [160, "scoots pine"],
    [210, "common beach"],
    [260, "comon beech"],
  ];
  for (const [i, slip] of slips) table.tree[i] = slip;
  const t = await wrangled(table, only);
  expect(t.changes.map((change) => change.replace(/^.*: /, ""))).toEqual([
    "silver brich -> silver birch",
    "red mapel -> red maple",
    "englsh oak -> english oak",
    "scoots pine -> scots pine",
    "common beach -> common beech",
    "comon beech -> common beech",
  ]);
  expect(t.column("tree")[10]).toBe("silver birch");
  expect(t.column("tree")[210]).toBe("common beech");
});

test("neighbours that are names of their own stay: towns, product codes, plurals, unique names", async () => {
  const rows = 500;
  const towns = ["Paris", "Linwood", "Lynwood", "Kingston", "Kinston", "Marlow", "Harlow"];
  const table = {
    town: series(rows, (i) =>
      i === 3 ? "Parish" : i === 4 ? "Barlow" : (towns[mix(i) % 7] ?? ""),
    ),
    product: series(rows, (i) => (i === 8 ? "AX-1009" : `AX-100${mix(i) % 8}`)),
    kind: series(rows, (i) =>
      i === 9 ? "lamps" : i === 11 ? "type b" : (["lamp", "type a"][i % 2] ?? ""),
    ),
    guest: series(rows, (i) => `Guest ${String.fromCodePoint(97 + (i % 26))}${mix(i)}`),
  };
  expect((await wrangled(table, only)).changes).toEqual([]);
});
