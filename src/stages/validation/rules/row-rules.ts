/** Rules about rows and columns as a whole: nothing lost, nothing unasked for. */
import { z } from "zod";
import { type Dataset, parquet, ROW } from "../../../core/index.ts";
import type { ValidationOptions } from "../options.ts";
import type { Trial } from "../trial.ts";
import type { RuleOutcome } from "../verdict.ts";

const Balance = z.object({
  source: z.number(),
  out: z.number(),
  quarantined: z.number(),
  duplicates: z.number(),
  lost: z.number(),
  invented: z.number(),
  twice: z.number(),
});

/**
 * Every input record is in exactly one place: the result, the quarantine, the duplicates, or among
 * the records that could not be read. Counted on the files, row by row.
 */
export async function rowAccounting(dataset: Dataset, trial: Trial): Promise<RuleOutcome> {
  const { records, quarantine, duplicates } = trial.execution.paths;
  const [found] = await trial.ask(
    {
      setup: [
        `CREATE TEMP TABLE places AS SELECT "${ROW}" AS "r", 1 AS "place" FROM ${parquet(records)}
          UNION ALL SELECT DISTINCT "row", 2 FROM ${parquet(quarantine)} WHERE "column" IS NULL
          UNION ALL SELECT "row", 3 FROM ${parquet(duplicates)}`,
        `CREATE TEMP TABLE loaded AS SELECT "${ROW}" AS "r" FROM ${trial.source}`,
      ],
      sql: `SELECT (SELECT count(*) FROM loaded) AS "source",
          count(*) FILTER ("place" = 1) AS "out", count(*) FILTER ("place" = 2) AS "quarantined",
          count(*) FILTER ("place" = 3) AS "duplicates", count(*) - count(DISTINCT "r") AS "twice",
          (SELECT count(*) FROM loaded ANTI JOIN places USING ("r")) AS "lost",
          (SELECT count(*) FROM places ANTI JOIN loaded USING ("r")) AS "invented" FROM places`,
      row: Balance,
    },
    trial.signal,
  );
  const balance = Balance.parse(found);
  const { out, quarantined, duplicates: removed, source, lost, invented, twice } = balance;
  const sum = `${out} rows out + ${quarantined} quarantined + ${removed} duplicates + ${dataset.rejected} unreadable`;
  const passed =
    lost + invented + twice === 0 &&
    source === dataset.rows &&
    dataset.records === out + quarantined + removed + dataset.rejected;
  const message = passed
    ? `All ${dataset.records} records are accounted for: ${sum}.`
    : `Expected ${dataset.records} records in exactly one place each; came ${sum}, with ${lost} lost, ${twice} in two places and ${invented} that were never read.`;
  return { rule: "row-accounting", hard: true, passed, message };
}

/** The result has the columns of the table as loaded, in the same order. */
export function schemaPreserved({ columns, execution }: Trial): RuleOutcome {
  const added = execution.columns.filter((name) => !columns.includes(name));
  const gone = columns.filter((name) => !execution.columns.includes(name));
  const moved = columns.some((name, i) => execution.columns[i] !== name);
  const faults = [
    ...(gone.length > 0 ? [`${gone.join(", ")} gone`] : []),
    ...(added.length > 0 ? [`${added.join(", ")} new`] : []),
    ...(gone.length + added.length === 0 && moved ? ["another order"] : []),
  ];
  const message =
    faults.length === 0
      ? `All ${columns.length} columns are kept, in order.`
      : `Expected the ${columns.length} columns as loaded; came ${execution.columns.length}: ${faults.join("; ")}.`;
  return { rule: "schema", hard: true, passed: faults.length === 0, message };
}

/** No more rows leave the table than the user tolerates. */
export function rowCount(
  { execution: { counts } }: Trial,
  { rowCountTolerance }: Pick<ValidationOptions, "rowCountTolerance">,
): RuleOutcome {
  const left = counts.rowsQuarantined + counts.duplicatesRemoved;
  const passed = left <= counts.rowsIn * rowCountTolerance;
  const allowed = `${Number((rowCountTolerance * 100).toPrecision(3))} %`;
  const message = `${left} of ${counts.rowsIn} rows leave the table; up to ${allowed} may.`;
  return { rule: "row-count", hard: true, passed, message, before: 0, after: left };
}
