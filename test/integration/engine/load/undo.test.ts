import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Dataset, Manifest } from "../../../../src/core/index.ts";
import { undo, writeCleaned } from "../../../../src/engine/index.ts";
import { type Loading, withLoading } from "./loading.ts";

/** What a run of a recipe would leave behind: an upper-cased column, a duplicate, a quarantined row. */
async function pretendRun(loading: Loading, dataset: Dataset, name: string) {
  const folder = join(loading.folder, `${name}.out`);
  const { mkdir } = await import("node:fs/promises");
  await mkdir(folder, { recursive: true });
  const at = (file: string) => join(folder, file);
  const source = `read_parquet('${dataset.recordsPath}')`;
  const column = dataset.columns.at(-1)!.name;
  const quoted = `"${column.replaceAll('"', '""')}"`;
  const [rows] = await loading.query(`SELECT list(__row ORDER BY __row) AS l FROM ${source}`);
  const numbers = (rows!["l"] as number[] | null) ?? [];
  const duplicate = numbers.length > 3 ? numbers[1]! : -1;
  const quarantined = numbers.length > 3 ? numbers[2]! : -1;
  const cells = dataset.columns.map((c) => `"${c.name.replaceAll('"', '""')}"`);
  const list = `[${cells.join(", ")}]`;
  const rejects = dataset.rejectsPath
    ? `UNION ALL SELECT "row", NULL, raw, code, reason FROM read_parquet('${dataset.rejectsPath}')`
    : "";
  const statements = [
    `COPY (SELECT * REPLACE (upper(${quoted}) AS ${quoted}) FROM ${source} WHERE __row NOT IN (${duplicate}, ${quarantined}) ORDER BY __row) TO '${at("table.parquet")}' (FORMAT parquet)`,
    `COPY (SELECT __row AS "row", '${column.replaceAll("'", "''")}' AS "column", ${quoted} AS old, upper(${quoted}) AS "new", 's1' AS step, 'r' AS reason FROM ${source} WHERE ${quoted} IS DISTINCT FROM upper(${quoted})) TO '${at("changes.parquet")}' (FORMAT parquet)`,
    `COPY (SELECT __row AS "row", 1::BIGINT AS kept_row, ${cells.join(", ")} FROM ${source} WHERE __row = ${duplicate}) TO '${at("duplicates.parquet")}' (FORMAT parquet)`,
    `COPY (SELECT __row AS "row", NULL::VARCHAR AS "column", encode(CAST(to_json(${list}) AS VARCHAR)) AS raw, 'RULE' AS code, 'r' AS reason FROM ${source} WHERE __row = ${quarantined} ${rejects}) TO '${at("quarantine.parquet")}' (FORMAT parquet)`,
  ];
  for (const sql of statements) await loading.query(sql);
  const cleanedPath = await writeCleaned({
    dataset,
    columns: dataset.columns,
    recordsPath: at("table.parquet"),
    format: "source",
    folder,
    ask: loading.ask,
  });
  const manifest = { dataset, columnsOut: dataset.columns } as Manifest;
  return {
    manifest,
    cleanedPath,
    changesPath: at("changes.parquet"),
    quarantinePath: at("quarantine.parquet"),
    duplicatesPath: at("duplicates.parquet"),
    workFolder: join(folder, "work"),
    output: at("restored"),
    ask: loading.ask,
  };
}

const PLAIN =
  'id,name,city\n1,ann,"Rome, IT"\n2,bob,Oslo\n3,"c ""x""",\n4,dan,Paris\n5,eve,"a\nb"\n';

const CASES: readonly (readonly [string, string | Buffer])[] = [
  ["minimal", PLAIN],
  ["crlf", PLAIN.replaceAll("\n", "\r\n")],
  ["bom", `\uFEFF${PLAIN}`],
  ["no-final-newline", PLAIN.trimEnd()],
  ["all", "id,name\n1,ann\n2,\n3,b c\n4,d\n".replace(/[^,\n]+|(?<=,)(?=\n)/g, '"$&"')],
  ["mixed", 'id,name,x\n1,"ann",a\n2,bob,b\n3,"cem",c\n4,"",d\n5,,e\n'],
  ["column-quoting", 'id,name,x\n1,"ann",a\n2,"bob",b\n3,"cem",c\n4,"dan",d\n5,,e\n'],
  ["quoted-header", '"id","name"\n1,ann\n2,bob\n3,cem\n4,dan\n'],
  ["rejects", "id,name,x\n1,ann,a\n2,bob\n3,cem,c\n4,d,d,d\n5,eve,e\n6,fay,f\n7,gus,g\n"],
  [
    "preamble",
    "Title of it\n\nid,name,x\n1,ann,a\n\n# note\n2,bob,b\n3,cem,c\n4,dan,d\n   \nSum: 4\n\n",
  ],
  ["no-header", "1,2020-01-01,x\n2,2020-01-02,y\n3,2020-01-03,z\n4,2020-01-04,w\n"],
  ["mixed-newlines", 'id,name\r\n1,ann\n2,bob\r\n3,cem\r4,dan\r\n5,"e\r\nf"\n'],
  ["trailing-delimiter", "id,name\n1,ann,\n2,bob,\n3,cem,\n4,dan,\n"],
  ["comma-blank", 'id, name, x\n1, ann, a\n2, "b, c", b\n3, cem, c\n4, dan,d\n'],
  ["backslash", 'id,name\n1,"a \\"q\\" b"\n2,"c:\\\\x"\n3,plain\n4,"it\\\'s"\n'],
  ["single-column", "name\nann\n\nbob\ncem\n\ndan\n\n"],
  ["stray-quotes", 'id,name,x\n1,5" pipe,a\n2,"6" pipe",b\n3,"cem,c\n4,dan,d\n5,eve,e\n'],
  ["header-only", "id,name"],
  ["duplicate-headers", "id,,Name,name\n1,2,3,a\n2,3,4,b\n3,4,5,c\n4,5,6,d\n"],
  ["cp1252", Buffer.from("id,name\n1,Zo\xEB\n2,\x80uro\n3,\x8D\xE9\n4,x\n", "latin1")],
  [
    "utf16le",
    Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(PLAIN.replace("ann", "änn\u{1F600}"), "utf16le"),
    ]),
  ],
  ["utf16be", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(PLAIN, "utf16le").swap16()])],
  [
    "utf16-lone-surrogate",
    Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from("id,name\r\n1,a\r\n2,\uD800x\r\n3,c\r\n4,d\r\n", "utf16le"),
    ]),
  ],
  [
    "broken-utf8",
    Buffer.concat([
      Buffer.from("id,name\n1,größe\n2,"),
      Buffer.from([0xff, 0x41, 0x0a]),
      Buffer.from("3,schön\n4,für\n5,x\n"),
    ]),
  ],
  ["semicolon-cr", "id;name\r1;ann\r2;bob\r3;cem\r4;dan\r"],
  ["nul", "id,name\n1,a\0b\n2,c\n3,d\n4,e\n"],
];

test.each(CASES)("undo gives back the very bytes: %s", async (name, content) => {
  const loading = await withLoading();
  const file = `${name}.csv`;
  const dataset = await loading.load(content, file);
  const run = await pretendRun(loading, dataset, name);
  const result = await undo(run);
  const original = await readFile(join(loading.folder, file));
  const restored = await readFile(run.output);
  expect(restored.toString("latin1")).toBe(original.toString("latin1"));
  expect(result.identical).toBe(true);
});

test("undo counts cells and rows, and works for gzip by content", async () => {
  const loading = await withLoading();
  const dataset = await loading.load(gzipSync("id,name\n1,a\n2,b\n3,c\n4,d\n5\n"), "x.csv.gz");
  const run = await pretendRun(loading, dataset, "gz");
  expect(run.cleanedPath.endsWith("cleaned.csv.gz")).toBe(true);
  expect(await undo(run)).toEqual({ cellsRestored: 2, rowsRestored: 3, identical: true });
});

test("JSON and NDJSON come back byte for byte", async () => {
  const loading = await withLoading();
  const cases = [
    [
      "pretty.json",
      '[\n  {"id": 1, "v": 1.50, "n": {"a": [1, 2]}, "s": "x"},\n  {"id": 2, "s": "y\\u00e9"},\n  7,\n  {"id": 3, "v": null, "s": "z"},\n  {"id": 4, "s": "w"}\n]\n',
    ],
    [
      "wrapped.json",
      '{"total": 5, "note": ["]", "}"],\n "rows": [\n  {"id": 1, "s": "[{"},\n  {"id": 2}, 7,\n  {"id": 3, "s": "z"}, {"id": 4}\n ], "next": null}\n',
    ],
    [
      "plain.ndjson",
      '{"id":1,"s":"x"}\n{"id":2,"s":"y"}\n{broken\n\n{"id":3,"s":""}\n{"id":4,"s":"w"}',
    ],
  ] as const;
  for (const [name, text] of cases) {
    const dataset = await loading.load(text, name);
    expect(dataset).toMatchObject({ records: 5, rows: 4, rejected: 1 });
    const run = await pretendRun(loading, dataset, name);
    expect(await undo(run)).toMatchObject({ identical: true });
    expect(await readFile(run.output, "utf8")).toBe(text);
  }
});

test("a change log of another table is refused and nothing is written", async () => {
  const loading = await withLoading();
  const run = await pretendRun(loading, await loading.load(PLAIN), "one");
  const other = await pretendRun(
    loading,
    await loading.load(PLAIN.replace("Oslo", "Bonn"), "b.csv"),
    "two",
  );
  await expect(
    undo({ ...run, changesPath: other.changesPath, cleanedPath: run.cleanedPath }),
  ).resolves.toBeDefined();
  const short = await loading.load("id,name\n1,x\n", "c.csv");
  const third = await pretendRun(loading, short, "three");
  await expect(
    undo({ ...run, output: `${run.output}2`, cleanedPath: third.cleanedPath }),
  ).rejects.toMatchObject({
    code: "UNDO_MISMATCH",
  });
  await expect(readFile(`${run.output}2`)).rejects.toThrow(/ENOENT/);
});

/** Small pieces of text that meet at random: what a fuzzer of CSV readers is made of. */
const PIECES = [
  "a",
  "12",
  ",",
  ",",
  ",",
  '"',
  '""',
  '","',
  "\n",
  "\n",
  "\r\n",
  "\r",
  " ",
  "#",
  "\\",
  ";",
  "é",
  "\0",
  "x,y\n",
  '"q"',
];

function noise(seed: number): Buffer {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  const parts = Array.from({ length: 20 + next(120) }, () => PIECES[next(PIECES.length)] ?? "");
  const head = next(3) === 0 ? "" : "id,name,x\n1,a,b\n2,c,d\n";
  const text = Buffer.from(`${head}${parts.join("")}`);
  return next(4) === 0 ? Buffer.concat([text, Buffer.from([0xff, 0x0a, 0x31, 0x2c, 0x32])]) : text;
}

test("whatever a file holds, it balances and comes back byte for byte", async () => {
  const loading = await withLoading();
  for (let seed = 1; seed <= 60; seed++) {
    const name = `noise-${seed}.csv`;
    const content = noise(seed * 7919);
    const dataset = await loading.load(content, name);
    const run = await pretendRun(loading, dataset, name);
    const { identical } = await undo(run);
    const restored = (await readFile(run.output)).toString("latin1");
    expect({ name, identical, restored }).toEqual({
      name,
      identical: true,
      restored: content.toString("latin1"),
    });
  }
}, 120_000);
