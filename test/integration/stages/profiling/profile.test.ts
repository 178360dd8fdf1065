import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { identifier, literal, parquet, stableJson } from "../../../../src/core/index.ts";
import { type Engine, startEngine } from "../../../../src/engine/index.ts";
import { Profile, profileTable, ProfilingOptions } from "../../../../src/stages/profiling/index.ts";
import { countsFrom, CountsRow, countsSql } from "../../../../src/stages/profiling/value-counts.ts";
import { withEngine, withFolder } from "../../../helpers/engine.ts";
import { hasSharedData, sharedData } from "../../../helpers/shared-data.ts";

const anyRow = z.record(z.string(), z.unknown());
const repair = sharedData("repair");

/** Stage the rows that a query yields; `__row` is added. */
async function stage(engine: Engine, folder: string, sql: string): Promise<string> {
  const path = join(folder, `table-${sql.length}.parquet`);
  const copy = `COPY (SELECT row_number() OVER () AS __row, * FROM (${sql})) TO ${literal(path)} (FORMAT parquet)`;
  await engine.ask({ setup: [copy], sql: "SELECT 1", row: anyRow });
  return path;
}

async function profileOf(engine: Engine, path: string, options: Partial<ProfilingOptions> = {}) {
  const source = parquet(path);
  const described = await engine.ask({
    sql: `SELECT column_name AS "name" FROM (DESCRIBE FROM ${source})`,
    row: z.object({ name: z.string() }),
  });
  const [count] = await engine.ask({
    sql: `SELECT count(*) AS "n" FROM ${source}`,
    row: z.object({ n: z.number() }),
  });
  const profile = await profileTable({
    dataset: "table",
    fingerprint: "0",
    source,
    columns: described.map(({ name }) => name).filter((name) => name !== "__row"),
    rows: count?.n ?? 0,
    options: ProfilingOptions.parse(options),
    ask: engine.ask,
    signal: undefined,
  });
  return Profile.parse(profile);
}

async function profileRows(sql: string, options: Partial<ProfilingOptions> = {}) {
  const folder = await withFolder();
  const engine = withEngine(folder);
  return profileOf(engine, await stage(engine, folder, sql), options);
}

test("counts cells exactly", async () => {
  const profile = await profileRows(
    `SELECT * FROM (VALUES ('b', 'x'), ('b', NULL), ('a', ' '), (NULL, 'x'), ('é', e'\\t')) t("one", "two")`,
  );
  expect(profile.columns[0]).toMatchObject({
    name: "one",
    position: 0,
    rows: 5,
    nulls: 1,
    blanks: 0,
    distinct: 3,
    singletons: 2,
    min: "a",
    max: "é",
    minLength: 1,
    maxLength: 1,
    meanLength: 1,
    top: [
      { value: "b", count: 2 },
      { value: "a", count: 1 },
      { value: "é", count: 1 },
    ],
  });
  expect(profile.columns[1]).toMatchObject({ nulls: 1, blanks: 2 });
  expect(profile.missingness).toEqual([
    { columns: ["one"], rows: 1 },
    { columns: ["two"], rows: 1 },
  ]);
});

test("keeps as many top values as asked", async () => {
  const profile = await profileRows(
    `SELECT (i % 7)::VARCHAR AS a FROM range(70) t(i) UNION ALL SELECT 'x'`,
    { topValues: 2 },
  );
  expect(profile.columns[0]?.top).toEqual([
    { value: "0", count: 10 },
    { value: "1", count: 10 },
  ]);
});

/** Values that are easily lost or counted otherwise on their way: marks of JSON, spaces, text above U+FFFF. */
const AWKWARD = [
  'say "no"',
  "back\\slash",
  "two\nlines",
  "\t",
  "\u00a0",
  " x ",
  "é",
  "\ufffd",
  "😀",
  "😀😀",
  "null",
  "-",
  "007",
  "1,234.50",
  "31/12/2020",
  "a\u0001b",
];

test("says the same of values however it reads them: cell by cell, grouped, or in SQL alone", async () => {
  const values = AWKWARD.map((value, index) => `(${literal(value)}, ${index + 1})`).join(", ");
  const rows = (times: number) =>
    `SELECT "a" FROM (VALUES ${values}) t("a", "n"), range("n" * ${times}) UNION ALL SELECT NULL FROM range(${times})`;
  const folder = await withFolder();
  const engine = withEngine(folder);
  const [few] = (await profileOf(engine, await stage(engine, folder, rows(2)))).columns;
  const [many] = (await profileOf(engine, await stage(engine, folder, rows(100)))).columns;
  if (!few || !many) throw new Error("The table has a column.");
  const { rows: some, nulls, blanks, top, ...rest } = few;
  expect(few).toMatchObject({ rows: 274, nulls: 2, blanks: 18, distinct: 16, max: "😀😀" });
  expect(many).toMatchObject({
    ...rest,
    rows: some * 50,
    nulls: nulls * 50,
    blanks: blanks * 50,
    exceptions: few.exceptions * 50,
    nullTokens: few.nullTokens.map(({ value, count }) => ({ value, count: count * 50 })),
    patterns: few.patterns.map((one) => ({ ...one, count: one.count * 50 })),
    formats: few.formats.map((one) => ({ ...one, count: one.count * 50 })),
    top: top.map(({ value, count }) => ({ value, count: count * 50 })),
  });
  const [counted] = await engine.ask({
    setup: [
      `CREATE TEMP TABLE t AS SELECT "a" AS "v", count(*) AS "n" FROM (${rows(2)}) GROUP BY 1`,
    ],
    sql: countsSql("t", 20),
    row: CountsRow,
  });
  expect(few).toMatchObject(countsFrom(counted!, 274));
});

test("finds keys of one and two columns and repeated rows", async () => {
  const profile = await profileRows(
    `SELECT i::VARCHAR AS id, (i % 10)::VARCHAR AS x, (i // 10)::VARCHAR AS y FROM range(100) t(i)`,
  );
  expect(profile.keys).toEqual([
    { columns: ["id"], share: 1, violations: 0 },
    { columns: ["x", "y"], share: 1, violations: 0 },
  ]);
  expect(profile.duplicates).toEqual({ rows: 0, groups: 0 });
  const repeated = await profileRows(
    `SELECT (i // 3)::VARCHAR AS x, NULL::VARCHAR AS y FROM range(30) t(i) UNION ALL SELECT 'z', 'z'`,
  );
  expect(repeated.duplicates).toEqual({ rows: 20, groups: 10 });
  expect(repeated.keys).toEqual([]);
});

test.each([
  ["no rows", `SELECT 'x' AS a, 'y' AS b WHERE false`, 0, 1],
  ["one row", `SELECT 'x' AS a, NULL::VARCHAR AS b`, 1, 0.5],
  ["nothing but empty cells", `SELECT NULL::VARCHAR AS a FROM range(5)`, 5, 0],
])("takes a table with %s", async (_, sql, rows, completeness) => {
  const profile = await profileRows(sql);
  expect(profile).toMatchObject({ rows, dependencies: [], quality: { completeness } });
});

test("takes awkward column names", async () => {
  const profile = await profileRows(
    `SELECT 'x' AS "a ""quoted"" name", '1' AS "select", '2' AS "n", '3' AS "v", '4' AS "x" FROM range(4)`,
  );
  expect(profile.columns.map(({ kind }) => kind)).toEqual([
    "category",
    "integer",
    "integer",
    "integer",
    "integer",
  ]);
});

/** Many different values of every kind, some of them rare and odd: too many to be held at once. */
const LARGE = `SELECT lpad(i::VARCHAR, 7, '0') AS code,
  CASE WHEN i % 1000 = 7 THEN 'n/a' WHEN i % 1000 = 8 THEN 'abc' WHEN i % 1000 = 9 THEN i || ' '
    ELSE (i * 7 / 100)::DECIMAL(12, 2)::VARCHAR END AS amount,
  CASE WHEN i % 2 = 0 THEN '$' || format('{:,}', i * 7) ELSE (-i)::VARCHAR END AS price,
  CASE WHEN i = 11 THEN '31/12/2020 10:00' WHEN i = 12 THEN '2020-02-30 10:00:00'
    ELSE strftime(TIMESTAMP '2020-01-01' + to_seconds(i * 60), '%Y-%m-%d %H:%M:%S') END AS stamp,
  'user' || i || '@example.org' AS email,
  CASE WHEN i % 5000 = 3 THEN 'unknown' ELSE 'Mr ' || md5(i::VARCHAR) END AS name,
  'c' || (i % 300) AS city, 's' || (i % 300 % 17) AS state,
  'o' || (i // 4) AS item, 'g' || (hash(i // 4) % 40) AS part
  FROM range(120000) t(i)`;

test("decides the kind of a large column on all its rows", async () => {
  const { columns, dependencies, keys } = await profileRows(LARGE);
  const byName = new Map(columns.map((column) => [column.name, column]));
  expect(columns.map(({ kind }) => kind)).toEqual([
    "code",
    "decimal",
    "integer",
    "datetime",
    "email",
    "text",
    "category",
    "category",
    "code",
    "category",
  ]);
  expect(byName.get("amount")).toMatchObject({
    nullTokens: [{ value: "n/a", count: 120 }],
    exceptions: 120,
    numbers: { min: 0, max: 119009 },
  });
  expect(byName.get("price")).toMatchObject({
    exceptions: 0,
    numbers: { min: -119999, max: 839986 },
  });
  expect(byName.get("price")?.formats.map(({ format, count }) => [format, count])).toEqual([
    ["number", 60000],
    ["$ number,thousands", 59928],
    ["$ number", 72],
  ]);
  expect(byName.get("stamp")).toMatchObject({ exceptions: 1 });
  expect(byName.get("stamp")?.formats.map(({ format, count }) => [format, count])).toEqual([
    ["%Y-%m-%d %H:%M:%S", 119998],
    ["%d/%m/%Y %H:%M", 1],
  ]);
  expect(byName.get("name")).toMatchObject({
    exceptions: 0,
    nullTokens: [{ value: "unknown", count: 24 }],
  });
  expect(keys.map(({ columns: names }) => names)).toContainEqual(["code"]);
  expect(dependencies).toContainEqual({
    determinant: ["city"],
    dependent: "state",
    strength: 1,
    support: 120000,
    violations: 0,
  });
  // Groups of four rows are seldom met twice in a sample of rows.
  expect(dependencies).toContainEqual(
    expect.objectContaining({ determinant: ["item"], dependent: "part", strength: 1 }),
  );
});

test("says the same with one thread and with two", async () => {
  const folder = await withFolder();
  const engine = withEngine(folder);
  const path = await stage(engine, folder, LARGE);
  const single = startEngine({
    folders: [folder],
    tempFolder: join(folder, "spill-1"),
    memoryLimit: "1GB",
    threads: 1,
  });
  onTestFinished(() => single.close());
  const [one, two] = [await profileOf(single, path), await profileOf(engine, path)];
  expect(stableJson(one) === stableJson(two)).toBe(true);
});

test
  .skipIf(!hasSharedData)
  .each(["beers", "flights", "hospital", "movies_first2102", "rayyan", "tax_first50k", "toy"])(
  "profiles %s; strong dependencies hold on its clean version",
  async (name) => {
    const folder = await withFolder();
    const engine = withEngine(folder, repair);
    const header = (await readFile(join(repair, name, "dirty.csv"), "utf8")).split(/\r?\n/, 1)[0]!;
    const columns = header.split(",").map((column) => `${literal(column)}: 'VARCHAR'`);
    const read = (file: string) =>
      `read_csv(${literal(join(repair, name, file))}, auto_detect=false, header=true, delim=',', quote='"', escape='"', columns={${columns.join(", ")}})`;
    const profile = await profileOf(
      engine,
      await stage(engine, folder, `FROM ${read("dirty.csv")}`),
    );
    expect(profile.columns).toHaveLength(columns.length);
    for (const column of profile.columns) {
      const tops = column.top.reduce((sum, { count }) => sum + count, 0);
      expect(column.nulls + tops).toBeLessThanOrEqual(column.rows);
      expect(column.distinct).toBeGreaterThanOrEqual(column.singletons);
    }
    for (const { determinant, dependent } of profile.dependencies.filter(isRule).slice(0, 10)) {
      const [x, y] = [
        determinant.map((part) => identifier(part)).join(", "),
        identifier(dependent),
      ];
      const [clean] = await engine.ask({
        sql: `SELECT 1 - sum("n" - "most") / sum("n") AS "share" FROM (SELECT sum("n") AS "n", max("n") AS "most"
          FROM (SELECT ${x}, ${y}, count(*) AS "n" FROM ${read("clean.csv")} GROUP BY ALL) GROUP BY ${x})`,
        row: z.object({ share: z.number() }),
      });
      expect(clean?.share, `${x} -> ${y}`).toBeGreaterThan(0.95);
    }
  },
  30_000,
);

/** Of one column, strong, and on many rows. */
function isRule(dependency: Profile["dependencies"][number]): boolean {
  return dependency.determinant.length === 1 && dependency.strength >= 0.9;
}
