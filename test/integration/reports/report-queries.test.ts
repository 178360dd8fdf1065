import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Ask } from "../../../src/core/index.ts";
import { collectReportFacts, reportQueries } from "../../../src/reports/index.ts";
import { withEngine, withFolder } from "../../helpers/engine.ts";

const nothing = z.unknown();

/** Writes the rows of a query to a Parquet file and says where it is. */
async function written(ask: Ask, folder: string, name: string, rows: string): Promise<string> {
  const path = join(folder, `${name}.parquet`);
  await ask({ sql: `COPY (${rows}) TO '${path}' (FORMAT parquet)`, row: nothing });
  return path;
}

const CHANGES = `SELECT * FROM (VALUES
  (1, 'city', ' Rome', 'Rome', 's1', 'white space'),
  (2, 'city', ' Rome', 'Rome', 's1', 'white space'),
  (3, 'city', ' Oslo', 'Oslo', 's1', 'white space'),
  (3, 'name', 'a ', 'a', 's1', 'white space'),
  (9, 'age', 'N/A', NULL, 's2', NULL),
  (8, 'age', ' ? ', NULL, 's1,s2', 'both')
) t("row", "column", "old", "new", step, reason)`;

const QUARANTINE = `SELECT * FROM (VALUES
  (4::BIGINT, NULL, 'a,b,c'::BLOB, 'RAGGED_ROW', 'came 3'),
  (5, NULL, '\\xE4\\x00'::BLOB, 'RAGGED_ROW', 'came 1'),
  (6, NULL, 'x'::BLOB, 'RAGGED_ROW', 'came 1'),
  (7, 'age', 'old'::BLOB, 'NOT_A_NUMBER', 'came text'),
  (NULL, NULL, '-- end'::BLOB, 'NOT_A_NUMBER', 'came text')
) t("row", "column", raw, code, reason)`;

const RECORDS = `SELECT i AS __row, CASE WHEN i % 3 = 0 THEN NULL ELSE 'v' || i % 2 END AS "a""b",
  repeat('x', 5000) || i AS long FROM range(1, 10) t(i)`;

test("collects samples, groups and statistics of the output files", async () => {
  const folder = await withFolder();
  const { ask } = withEngine(folder);
  const facts = await collectReportFacts(
    ask,
    {
      changes: await written(ask, folder, "changes", CHANGES),
      quarantine: await written(ask, folder, "quarantine", QUARANTINE),
      duplicates: await written(
        ask,
        folder,
        "duplicates",
        `SELECT i AS "row", 1 AS kept_row, 'x' AS more FROM range(2, 15) t(i)`,
      ),
      records: await written(ask, folder, "cleaned", RECORDS),
    },
    { columnsIn: ['a"b', "gone"], columnsOut: ['a"b', "long"], encoding: "windows-1252" },
  );

  expect(facts.samples).toEqual([
    {
      stepId: "s1",
      cells: 5,
      columns: 3,
      samples: [
        {
          row: 1,
          column: "city",
          old: " Rome",
          new: "Rome",
          reason: "white space",
          cells: 2,
          oldLength: 5,
          newLength: 4,
        },
        {
          row: 3,
          column: "city",
          old: " Oslo",
          new: "Oslo",
          reason: "white space",
          cells: 1,
          oldLength: 5,
          newLength: 4,
        },
        {
          row: 3,
          column: "name",
          old: "a ",
          new: "a",
          reason: "white space",
          cells: 1,
          oldLength: 2,
          newLength: 1,
        },
        {
          row: 8,
          column: "age",
          old: " ? ",
          new: null,
          reason: "both",
          cells: 1,
          oldLength: 3,
          newLength: null,
        },
      ],
    },
    {
      stepId: "s2",
      cells: 2,
      columns: 1,
      samples: [
        {
          row: 9,
          column: "age",
          old: "N/A",
          new: null,
          reason: null,
          cells: 1,
          oldLength: 3,
          newLength: null,
        },
        {
          row: 8,
          column: "age",
          old: " ? ",
          new: null,
          reason: "both",
          cells: 1,
          oldLength: 3,
          newLength: null,
        },
      ],
    },
  ]);
  expect(facts.changedColumns).toEqual([
    { column: "city", cells: 3 },
    { column: "age", cells: 2 },
    { column: "name", cells: 1 },
  ]);
  expect(facts.changedColumnCount).toBe(3);
  expect(facts.quarantine).toEqual([
    {
      code: "RAGGED_ROW",
      reason: "came 1",
      reasons: 2,
      rows: 3,
      cells: 0,
      samples: [
        { row: 4, column: null, rawText: "a,b,c", sizeBytes: 5, reason: "came 3" },
        { row: 5, column: null, rawText: "ä\u0000", sizeBytes: 2, reason: "came 1" },
        { row: 6, column: null, rawText: "x", sizeBytes: 1, reason: "came 1" },
      ],
    },
    {
      code: "NOT_A_NUMBER",
      reason: "came text",
      reasons: 1,
      rows: 1,
      cells: 1,
      samples: [
        { row: 7, column: "age", rawText: "old", sizeBytes: 3, reason: "came text" },
        { row: null, column: null, rawText: "-- end", sizeBytes: 6, reason: "came text" },
      ],
    },
  ]);
  expect(facts.duplicates.count).toBe(13);
  expect(facts.duplicates.samples).toHaveLength(10);
  expect(facts.duplicates.samples[0]).toEqual({ row: 2, keptRow: 1 });
  expect(facts.after.map(({ name }) => name)).toEqual(['a"b', "long"]);
  expect(facts.after[0]).toEqual({
    name: 'a"b',
    rows: 9,
    nulls: 3,
    distinct: 2,
    top: [
      { value: "v0", count: 3, length: 2 },
      { value: "v1", count: 3, length: 2 },
    ],
  });
  expect(facts.after[1]).toMatchObject({ distinct: 9, nulls: 0 });
  expect(facts.after[1]!.top[0]).toEqual({ value: "x".repeat(4000), count: 1, length: 5001 });
});

test("takes ten samples of a step, the most frequent change of every column first", async () => {
  const folder = await withFolder();
  const { ask } = withEngine(folder);
  const changes = await written(
    ask,
    folder,
    "changes",
    `SELECT i AS "row", CASE WHEN i <= 1000 THEN 'big' ELSE 'small' || i % 4 END AS "column",
       'o' || i % 50 AS "old", 'n' AS "new", 's1' AS step, 'why' AS reason FROM range(1, 1013) t(i)`,
  );
  const queries = reportQueries({
    changes,
    quarantine: null,
    duplicates: null,
    records: changes,
    columns: [],
  });
  const samples = await ask(queries.changes!.samples);
  expect(samples).toHaveLength(10);
  expect(samples.map(({ cells }) => cells)).toEqual([20, 20, 1, 1, 1, 1, 1, 1, 1, 1]);
  expect(new Set(samples.map(({ column }) => column))).toEqual(
    new Set(["big", "small0", "small1", "small2", "small3"]),
  );
});

test("bears files without rows and files that are not there", async () => {
  const folder = await withFolder();
  const { ask } = withEngine(folder);
  const empty = {
    changes: await written(ask, folder, "changes", `${CHANGES} LIMIT 0`),
    quarantine: await written(ask, folder, "quarantine", `${QUARANTINE} LIMIT 0`),
    duplicates: null,
    records: await written(ask, folder, "cleaned", `${RECORDS} LIMIT 0`),
  };
  const table = { columnsIn: ["long"], columnsOut: ["long"] };
  const none = {
    samples: [],
    changedColumns: [],
    changedColumnCount: 0,
    quarantine: [],
    duplicates: { count: 0, samples: [] },
    after: [{ name: "long", rows: 0, nulls: 0, distinct: 0, top: [] }],
  };
  expect(await collectReportFacts(ask, empty, table)).toEqual(none);
  expect(
    await collectReportFacts(ask, { ...empty, changes: null, quarantine: null }, table),
  ).toEqual(none);
});

test("asks about few columns at a time, and about 200 of a wide table", async () => {
  const columns = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
  const queries = reportQueries({
    changes: null,
    quarantine: null,
    duplicates: null,
    records: "x",
    columns: columns.slice(0, 120),
  });
  for (const { sql } of queries.after) {
    expect(sql.split("UNION ALL").length).toBeLessThanOrEqual(50);
  }
  const asked: string[] = [];
  const ask: Ask = async ({ sql }) => {
    asked.push(sql);
    return [];
  };
  await collectReportFacts(
    ask,
    { changes: null, quarantine: null, duplicates: null, records: "x" },
    { columnsIn: columns, columnsOut: columns },
  );
  expect(asked.join("").match(/GROUP BY v/g)).toHaveLength(200);
});

test("counts records that could not be read with what steps set aside", async () => {
  const folder = await withFolder();
  const { ask } = withEngine(folder);
  const records = await written(ask, folder, "cleaned", RECORDS);
  const rejects = await written(
    ask,
    folder,
    "rejects",
    `SELECT 2::BIGINT AS "row", 'p,q'::BLOB AS raw, 'RAGGED_ROW' AS code, 'came 2' AS reason`,
  );
  const table = { columnsIn: [], columnsOut: [] };
  const alone = { changes: null, quarantine: null, duplicates: null, records, rejects };
  const [unread] = (await collectReportFacts(ask, alone, table)).quarantine;
  expect(unread).toMatchObject({ code: "RAGGED_ROW", rows: 1, cells: 0 });
  expect(unread!.samples).toEqual([
    { row: 2, column: null, rawText: "p,q", sizeBytes: 3, reason: "came 2" },
  ]);
  const quarantine = await written(ask, folder, "quarantine", QUARANTINE);
  const [both] = (await collectReportFacts(ask, { ...alone, quarantine }, table)).quarantine;
  expect(both).toMatchObject({ code: "RAGGED_ROW", rows: 4 });
  expect(both!.samples.map(({ row }) => row)).toEqual([2, 4, 5, 6]);
});
