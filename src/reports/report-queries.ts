/** Questions to the output files of a preparation whose answers a report shows. */
import { z } from "zod";
import { identifier, literal, parquet, type Query, type Sql } from "../core/index.ts";
import { AfterColumn, ChangedCell, ColumnChanges } from "./report-input.ts";
import { MAX_SHOWN_COLUMNS } from "./shown-columns.ts";

const Count = z.number().int().nonnegative();

/** Characters of a value that a report may show a part of. */
const VALUE_CHARACTERS = 4000;
/** Sample changes of a step, samples of a quarantine code, most frequent values of a column. */
const SAMPLES = { changes: 10, quarantine: 5, values: 10 };
/** Bytes of a quarantined original that are decoded for its sample. */
const RAW_BYTES = 400;
/** Codes of quarantine that are told apart. */
const MAX_CODES = 100;
/** Each column asks for a table of its different values in memory; so few at a time. */
const COLUMNS_A_STATEMENT = 10;

/** Parquet files of one output folder; null where there is none. */
export interface ReportFiles {
  /** `row`, `column`, `old`, `new`, `step`, `reason`. */
  readonly changes: string | null;
  /** `row`, `column`, `raw`, `code`, `reason`. */
  readonly quarantine: string | null;
  /** Records that could not be read as rows, where `quarantine` does not hold them: `row`, `raw`, `code`, `reason`. */
  readonly rejects?: string | null;
  /** `row`, `kept_row`. */
  readonly duplicates: string | null;
  /** The cleaned table, one VARCHAR per column. */
  readonly records: string;
}

const StepCount = z.object({ stepId: z.string(), cells: Count, columns: Count });
const StepSample = ChangedCell.extend({ stepId: z.string(), cells: Count });
const ColumnCount = ColumnChanges.extend({ total: Count });
const CodeCount = z.object({
  code: z.string(),
  reason: z.string(),
  reasons: Count,
  rows: Count,
  cells: Count,
});
const CodeSample = z.object({
  code: z.string(),
  row: Count.nullable(),
  column: z.string().nullable(),
  /** The first bytes of the original, in hexadecimal. */
  rawHex: z.string(),
  sizeBytes: Count,
  reason: z.string(),
});
const DuplicateCount = z.object({ count: Count });
const DuplicateSample = z.object({ row: Count, keptRow: Count.nullable() });

/** The questions of one report; a part is null where its file is missing. */
export interface ReportQueries {
  readonly changes: {
    readonly steps: Query<z.infer<typeof StepCount>>;
    readonly samples: Query<z.infer<typeof StepSample>>;
    /** The most changed columns, each with the number of all changed columns. */
    readonly columns: Query<z.infer<typeof ColumnCount>>;
  } | null;
  readonly quarantine: {
    readonly codes: Query<z.infer<typeof CodeCount>>;
    readonly samples: Query<z.infer<typeof CodeSample>>;
  } | null;
  readonly duplicates: {
    readonly count: Query<z.infer<typeof DuplicateCount>>;
    readonly samples: Query<z.infer<typeof DuplicateSample>>;
  } | null;
  /** Statistics of the given columns of the cleaned table, a few columns a query. */
  readonly after: readonly Query<AfterColumn>[];
}

/** The questions for these files and these columns of the cleaned table. */
export function reportQueries(
  files: ReportFiles & { readonly columns: readonly string[] },
): ReportQueries {
  const { changes, duplicates, records, columns } = files;
  const aside = quarantineSource(files);
  return {
    changes: changes === null ? null : changeQueries(parquet(changes)),
    quarantine: aside === null ? null : quarantineQueries(aside),
    duplicates: duplicates === null ? null : duplicateQueries(parquet(duplicates)),
    after: chunks(columns, COLUMNS_A_STATEMENT).map((some) => afterQuery(parquet(records), some)),
  };
}

function changeQueries(source: Sql): NonNullable<ReportQueries["changes"]> {
  return {
    // A cell that several steps changed has all their ids, with commas.
    steps: {
      sql: `WITH alike AS (SELECT step, "column", count(*) AS n FROM ${source} GROUP BY ALL),
            single AS (SELECT unnest(string_split(step, ',')) AS id, "column", n FROM alike)
            SELECT id AS "stepId", sum(n)::BIGINT AS "cells", count(DISTINCT "column") AS "columns"
            FROM single GROUP BY id ORDER BY id`,
      row: StepCount,
    },
    // Alike changes once each; what one step did alone before what several did together, and the
    // most frequent of every column before the second of any.
    samples: {
      sql: `WITH alike AS (
              SELECT step, "column", "old", "new", count(*) AS cells,
                     min({'row': "row", 'reason': reason}) AS at_first
              FROM ${source} GROUP BY ALL),
            ranked AS (
              SELECT *, row_number() OVER (
                PARTITION BY step, "column" ORDER BY cells DESC, at_first."row") AS place
              FROM alike QUALIFY place <= ${SAMPLES.changes}),
            single AS (
              SELECT *, unnest(string_split(step, ',')) AS id, len(string_split(step, ',')) AS steps
              FROM ranked),
            chosen AS (
              SELECT * FROM single QUALIFY row_number() OVER (
                PARTITION BY id
                ORDER BY steps, place, cells DESC, at_first."row", "column") <= ${SAMPLES.changes})
            SELECT id AS "stepId", at_first."row" AS "row", "column",
                   left("old", ${VALUE_CHARACTERS}) AS "old", left("new", ${VALUE_CHARACTERS}) AS "new",
                   at_first.reason AS "reason", cells AS "cells",
                   length("old") AS "oldLength", length("new") AS "newLength"
            FROM chosen ORDER BY id, steps, cells DESC, at_first."row", "column"`,
      row: StepSample,
    },
    columns: {
      sql: `SELECT "column", count(*) AS "cells", count(*) OVER () AS "total"
            FROM ${source} GROUP BY "column" ORDER BY cells DESC, "column"
            LIMIT ${MAX_SHOWN_COLUMNS}`,
      row: ColumnCount,
    },
  };
}

/** All that was set aside, as a relation: what could not be read, and what steps set aside. */
function quarantineSource({ quarantine, rejects = null }: ReportFiles): Sql | null {
  const parts = [
    ...(rejects === null
      ? []
      : [`SELECT "row", NULL::VARCHAR AS "column", raw, code, reason FROM ${parquet(rejects)}`]),
    ...(quarantine === null
      ? []
      : [`SELECT "row", "column", raw, code, reason FROM ${parquet(quarantine)}`]),
  ];
  return parts.length === 0 ? null : `(${parts.join(" UNION ALL ")})`;
}

function quarantineQueries(source: Sql): NonNullable<ReportQueries["quarantine"]> {
  return {
    codes: {
      sql: `WITH alike AS (
              SELECT code, coalesce(reason, '') AS reason, count(*) AS n, count("column") AS cells
              FROM ${source} GROUP BY ALL)
            SELECT code AS "code", min({'n': -n, 'reason': reason}).reason AS "reason",
                   count(*) AS "reasons", sum(n - cells)::BIGINT AS "rows", sum(cells)::BIGINT AS "cells"
            FROM alike GROUP BY code ORDER BY sum(n) DESC, code LIMIT ${MAX_CODES}`,
      row: CodeCount,
    },
    samples: {
      sql: `WITH chosen AS (
              SELECT * FROM ${source} QUALIFY row_number() OVER (
                PARTITION BY code ORDER BY "row" NULLS LAST, "column" NULLS FIRST, raw) <= ${SAMPLES.quarantine})
            SELECT code AS "code", "row", "column", coalesce(left(hex(raw), ${RAW_BYTES * 2}), '') AS "rawHex",
                   coalesce(octet_length(raw), 0) AS "sizeBytes", coalesce(reason, '') AS "reason"
            FROM chosen ORDER BY code, "row" NULLS LAST, "column" NULLS FIRST, raw`,
      row: CodeSample,
    },
  };
}

function duplicateQueries(source: Sql): NonNullable<ReportQueries["duplicates"]> {
  return {
    count: { sql: `SELECT count(*) AS "count" FROM ${source}`, row: DuplicateCount },
    samples: {
      sql: `SELECT "row", kept_row AS "keptRow" FROM ${source} ORDER BY "row", kept_row LIMIT 10`,
      row: DuplicateSample,
    },
  };
}

/** One look at each column's different values answers everything: counts, nulls, most frequent. */
function afterQuery(source: Sql, columns: readonly string[]): Query<AfterColumn> {
  const parts = columns.map((column, i) => {
    const own = identifier(column);
    const counted = `SELECT ${own}::VARCHAR AS v, count(*) AS n FROM ${source} GROUP BY v`;
    return `SELECT ${i} AS place, ${literal(column)} AS "name", coalesce(sum(n), 0)::BIGINT AS "rows",
              coalesce(sum(n) FILTER (v IS NULL), 0)::BIGINT AS "nulls", count(v) AS "distinct",
              coalesce(list_transform(
                min({'n': -n, 'v': v}, ${SAMPLES.values}) FILTER (v IS NOT NULL),
                lambda one: {'value': left(one.v, ${VALUE_CHARACTERS}), 'count': -one.n, 'length': length(one.v)}), []) AS "top"
            FROM (${counted})`;
  });
  return {
    sql: `SELECT "name", "rows", "nulls", "distinct", "top" FROM (${parts.join("\nUNION ALL\n")}) ORDER BY place`,
    row: AfterColumn,
  };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const all: T[][] = [];
  for (let i = 0; i < items.length; i += size) all.push(items.slice(i, i + size));
  return all;
}
