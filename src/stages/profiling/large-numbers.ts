/** Statistics of a large column of numbers, in SQL whose sums come out the same in any order. */
import { z } from "zod";
import { literal, type Sql } from "../../core/index.ts";
import { numberFormatOf } from "./number-reading.ts";
import { BINS, binEdges, type NumberStatistics, rounded } from "./number-statistics.ts";
import { aroundDigits, type Bucket } from "./value-shape.ts";

const Whole = z.union([z.number(), z.string()]).transform(Number);

/** What {@link statisticsSql} answers; null where no value is a number. */
export const LargeNumbers = z
  .object({
    n: Whole,
    least: z.number(),
    greatest: z.number(),
    quantiles: z.array(z.number()),
    /** Rows below each inner edge of the histogram. */
    below: z.array(Whole),
    /** Sums of the distances from the least, and of their squares, in fractions of the range. */
    distance: Whole,
    square: Whole,
  })
  .nullable();
export type LargeNumbers = z.infer<typeof LargeNumbers>;

const PERCENTS = [1, 5, 25, 50, 75, 95, 99];
const DISTANCE_PARTS = 2 ** 40;
const SQUARE_PARTS = 2 ** 30;

/** The number that a value `v` of bucket `b` stands for; NULL where the bucket holds none. */
export function numberSql(buckets: readonly Bucket[], decimal: "." | ","): Sql {
  const arms = buckets.flatMap(({ reading, values }, index) => {
    const [example] = values;
    if (reading.is !== "number" || reading.body === "zeros" || !example) return [];
    const { before, after } = aroundDigits(example.value);
    const format = numberFormatOf(reading, decimal);
    let text = `"v"`;
    if (before !== "" || after !== "") {
      const [start, end] = [literal(before), literal(after)];
      text = `substring("v", length(${start}) + 1, length("v") - length(${start}) - length(${end}))`;
    }
    if (format.thousands !== null) text = `replace(${text}, ${literal(format.thousands)}, '')`;
    if (format.decimal === ",") text = `replace(${text}, ',', '.')`;
    const sign = /[-\u2212(]/.test(before) ? "-" : "";
    return [`WHEN ${index} THEN ${sign}TRY_CAST(${text} AS DOUBLE)`];
  });
  return arms.length === 0 ? "NULL::DOUBLE" : `CASE "b" ${arms.join(" ")} END`;
}

/** Makes the table that {@link statisticsSql} reads from the columns `x` and `n` of the table `large`. */
export function statisticsTable(): Sql {
  return `CREATE TEMP TABLE numbers AS SELECT "x", "n", sum("n") OVER (ORDER BY "x" ROWS UNBOUNDED PRECEDING) AS "upTo"
    FROM large WHERE "x" IS NOT NULL`;
}

/** Statistics over the numbers `x`, each of which stands `n` times, as one struct. */
export function statisticsSql(): Sql {
  const quantiles = PERCENTS.map(
    (percent) => `min("x") FILTER ("upTo" * 100 >= "all" * ${percent})`,
  );
  const edges = Array.from({ length: BINS - 1 }, (_, index) => {
    const edge = `"q"[1] + ${index + 1} * (("q"[7] - "q"[1]) / ${BINS})`;
    return `coalesce(sum("n") FILTER ("x" < ${edge}), 0)::HUGEINT`;
  });
  return `SELECT CASE WHEN min("all") > 0 THEN {'n': min("all"), 'least': min("least"), 'greatest': min("greatest"), 'quantiles': min("q"),
    'below': [${edges.join(", ")}],
    'distance': coalesce(sum(round(("x" - "least") / "range" * ${DISTANCE_PARTS})::BIGINT * "n"::HUGEINT), 0)::HUGEINT,
    'square': coalesce(sum(round((("x" - "least") / "range") ** 2 * ${SQUARE_PARTS})::BIGINT * "n"::HUGEINT), 0)::HUGEINT} END
  FROM numbers, (SELECT min("all") AS "all", min("least") AS "least", min("greatest") AS "greatest",
    CASE WHEN min("greatest") > min("least") THEN min("greatest") - min("least") ELSE 1 END AS "range",
    [${quantiles.join(", ")}] AS "q"
    FROM numbers, (SELECT sum("n")::HUGEINT AS "all", min("x") AS "least", max("x") AS "greatest" FROM numbers))`;
}

/** The statistics as a profile holds them. */
export function numbersFrom(found: LargeNumbers): NumberStatistics | null {
  if (!found) return null;
  const { n, least, greatest, below } = found;
  const range = greatest > least ? greatest - least : 1;
  const mean = found.distance / DISTANCE_PARTS / n;
  const variance = found.square / SQUARE_PARTS / n - mean ** 2;
  const [p01 = 0, p05 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0, p99 = 0] = found.quantiles;
  const edges = binEdges(p01, p99);
  const upTo = edges.length === 2 ? [n] : [...below, n];
  return {
    min: least,
    max: greatest,
    mean: rounded(least + mean * range),
    deviation: Number((Math.sqrt(Math.max(0, variance)) * range).toPrecision(6)),
    quantiles: { p01, p05, p25, p50, p75, p95, p99 },
    histogram: upTo.map((count, index) => ({
      from: edges[index] ?? p01,
      to: edges[index + 1] ?? p99,
      count: count - (upTo[index - 1] ?? 0),
    })),
  };
}
