/** The generator of duplicates: rows that repeat an earlier one. */
import { z } from "zod";
import { identifier } from "../../../core/index.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../generator.ts";

/** A key is worth naming when at least this share of its rows have one of their own. */
const NEAR_KEY = 0.95;
/** More would only hide the telling ones. */
const MOST_KEYS = 3;
/** Grouping by more columns than this would cost more than the answer is worth. */
const MOST_COLUMNS = 500;

/** Rows that repeat an earlier row in all columns, after the first wave's repairs. */
async function exactDuplicates(context: GeneratorContext): Promise<number> {
  if (context.columns.length > MOST_COLUMNS) return context.profile.duplicates.rows;
  const names = context.columns.map(identifier).join(", ");
  const sql = `SELECT coalesce(sum(n - 1), 0)::BIGINT AS "rows" FROM (
  SELECT count(*) AS n FROM ${context.source} GROUP BY ${names} HAVING count(*) > 1)`;
  const [row] = await context.ask({ sql, row: z.object({ rows: z.number() }) }, context.signal);
  return row?.rows ?? 0;
}

function removal(
  args: Proposal["step"]["args"],
  because: string,
  rows: number,
  confidence: number,
): Proposal {
  return {
    step: {
      operation: "remove_duplicates",
      columns: [],
      args,
      onFail: "keep",
      evidence: { because, support: rows, counterExamples: 0, affected: rows, samples: [] },
    },
    confidence,
    intent: "repair",
  };
}

/** Generator `duplicates`. */
export const duplicates = defineGenerator({
  name: "duplicates",
  title: "Rows that repeat an earlier one",
  wave: "table",
  order: 80,
  async propose(context): Promise<Proposal[]> {
    const proposals: Proposal[] = [];
    const rows = await exactDuplicates(context);
    const wanted = context.options.duplicates === "remove";
    if (rows > 0) {
      const because = `${rows} rows repeat an earlier row in every column; the first of each is kept.`;
      proposals.push(removal({ by: "row" }, because, rows, wanted ? 0.97 : 0.4));
    }
    const nearKeys = context.profile.keys
      .filter(({ share, violations }) => violations > rows && share >= NEAR_KEY)
      .toSorted((a, b) => a.columns.length - b.columns.length || a.violations - b.violations)
      .slice(0, MOST_KEYS);
    for (const { columns, violations } of nearKeys) {
      const because = `"${columns.join('", "')}" nearly identifies a row: ${violations} rows share its value with another row but differ elsewhere.`;
      proposals.push(removal({ by: "key", key: [...columns] }, because, violations, 0.3));
    }
    return proposals;
  },
});
