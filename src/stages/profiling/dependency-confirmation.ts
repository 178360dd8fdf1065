/** Counts of supposed dependencies on all rows of a large table, in SQL. */
import { z } from "zod";
import { identifier, type Sql } from "../../core/index.ts";
import { AGREEMENT_PARTS, type DependencyCounts, muPlus } from "./dependency-measure.ts";
import type { ProfilingInput } from "./input.ts";
import type { Dependency } from "./profile.ts";

/** Integers beyond 2^53 come as text; their last digits do not matter here. */
const Whole = z.union([z.number(), z.string()]).transform(Number);

const CountsRow = z.object({
  rows: Whole,
  groups: Whole,
  inPairs: Whole,
  violations: Whole,
  agreement: Whole,
  squares: Whole,
});

/** The dependencies with their counts on all rows. */
export async function confirmDependencies(
  input: ProfilingInput,
  proposed: readonly Dependency[],
): Promise<Dependency[]> {
  const confirmed: Dependency[] = [];
  for (const dependency of proposed) {
    const sql = countsOf(dependency, input.source);
    const [row] = await input.ask({ sql, row: CountsRow }, input.signal);
    if (!row) continue;
    const counts: DependencyCounts = {
      ...row,
      agreement: row.agreement / AGREEMENT_PARTS,
      inTriples: 0,
    };
    confirmed.push({
      ...dependency,
      strength: muPlus(counts),
      support: counts.inPairs,
      violations: counts.violations,
    });
  }
  return confirmed;
}

function countsOf({ determinant, dependent }: Dependency, source: Sql): Sql {
  const [x, y] = [determinant.map((name) => identifier(name)), identifier(dependent)];
  const filled = [...x, y].map((name) => `${name} IS NOT NULL`).join(" AND ");
  const key = x.length === 1 ? x.join("") : `hash(${x.join(", ")})`;
  return `WITH "xy" AS MATERIALIZED (
    SELECT ${key} AS "x", ${y} AS "y", count(*) AS "n" FROM ${source} WHERE ${filled} GROUP BY 1, 2),
  "groups" AS (
    SELECT sum("n") AS "n", max("n") AS "most", sum("n" * "n") AS "squares" FROM "xy" GROUP BY "x"),
  "values" AS (SELECT sum("n") AS "n" FROM "xy" GROUP BY "y")
  SELECT coalesce(sum("n"), 0)::HUGEINT AS "rows", count(*) AS "groups",
    coalesce(sum("n") FILTER ("n" > 1), 0)::HUGEINT AS "inPairs",
    coalesce(sum("n" - "most"), 0)::HUGEINT AS "violations",
    coalesce(sum(round("squares"::DOUBLE / "n" * ${AGREEMENT_PARTS})::HUGEINT), 0)::HUGEINT AS "agreement",
    (SELECT coalesce(sum("n" * "n"), 0)::HUGEINT FROM "values") AS "squares"
  FROM "groups"`;
}
