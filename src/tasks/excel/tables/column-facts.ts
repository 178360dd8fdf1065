import { z } from "zod";
import { type Ask, identifier, parquet, type Sql } from "../../../core/index.ts";

/** What the values of a column have in common; counts of values, empty cells left out. */
export interface ColumnFacts {
  readonly filled: number;
  /** Characters of the longest value. */
  readonly longest: number;
  /** Plain numbers: no leading zero, at most 11 digits before the point and 15 in all. */
  readonly numbers: number;
  /** Of these, how many have no decimals. */
  readonly whole: number;
  /** Fewest and most decimals of a number. */
  readonly fewestDecimals: number;
  readonly mostDecimals: number;
  /** Numbers whose last decimal is a zero. */
  readonly trailingZeros: number;
  /** Days of the calendar from March 1900 on, as 2024-02-29. */
  readonly days: number;
  /** Days with a time and without a zone; with fractions of a second, at most thousandths. */
  readonly times: number;
  readonly fractions: number;
}

/** Columns looked at in one pass. */
const BATCH_COLUMNS = 100;

/** What a value is, as a number: below the first of these, the decimals of a number. */
const TRAILING_ZERO = 100;
const DAY = 200;
const TIME = 300;
const FRACTION = 301;
const OTHER = 400;

const Answer = z.record(z.string(), z.union([z.number(), z.string()]).nullable());
const Classes = z.record(z.string(), z.number());

/** Facts of columns of a staged table, in their order. */
export async function columnFacts(
  recordsPath: string,
  names: readonly string[],
  ask: Ask,
  signal?: AbortSignal,
): Promise<ColumnFacts[]> {
  const facts: ColumnFacts[] = [];
  for (let start = 0; start < names.length; start += BATCH_COLUMNS) {
    const batch = names.slice(start, start + BATCH_COLUMNS).map((name) => identifier(name));
    const classes = batch.map((cell, i) => `${cell} AS "v${i}", ${classOf(cell)} AS "c${i}"`);
    const list = batch.map(
      (_, i) => `CAST(to_json(histogram("c${i}")) AS VARCHAR) AS "classes${i}",
        CAST(max(length("v${i}")) AS BIGINT) AS "longest${i}"`,
    );
    const sql = `SELECT ${list.join(", ")} FROM (SELECT ${classes.join(", ")} FROM ${parquet(recordsPath)})`;
    const [answer = {}] = await ask({ sql, row: Answer }, signal);
    for (const i of batch.keys()) {
      const known = Classes.parse(JSON.parse(String(answer[`classes${i}`] ?? "{}")));
      facts.push(factsOf(known, Number(answer[`longest${i}`] ?? 0)));
    }
  }
  return facts;
}

function factsOf(classes: Readonly<Record<string, number>>, longest: number): ColumnFacts {
  const known = Object.entries(classes).map(([of, count]) => [Number(of), count] as const);
  const sum = (is: (of: number) => boolean) =>
    known.reduce((total, [of, count]) => total + (is(of) ? count : 0), 0);
  const decimals = known.flatMap(([of]) => (of < DAY ? [of % TRAILING_ZERO] : []));
  return {
    filled: sum(() => true),
    longest,
    numbers: sum((of) => of < DAY),
    whole: sum((of) => of === 0),
    fewestDecimals: decimals.length > 0 ? Math.min(...decimals) : 0,
    mostDecimals: Math.max(0, ...decimals),
    trailingZeros: sum((of) => of >= TRAILING_ZERO && of < DAY),
    days: sum((of) => of === DAY),
    times: sum((of) => of === TIME || of === FRACTION),
    fractions: sum((of) => of === FRACTION),
  };
}

const NUMBER_PATTERN = String.raw`-?(0|[1-9][0-9]{0,10})(\.[0-9]+)?`;
const DAY_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}";
const TIME_PATTERN = String.raw`${DAY_PATTERN}[ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,3})?)?`;

/** SQL that tells what a value is; nothing for an empty cell. */
function classOf(cell: Sql): Sql {
  const digits = `length(replace(replace(${cell}, '-', ''), '.', ''))`;
  const decimals = `CASE WHEN contains(${cell}, '.') THEN length(${cell}) - strpos(${cell}, '.') ELSE 0 END`;
  const trailing = `CASE WHEN contains(${cell}, '.') AND ends_with(${cell}, '0') THEN ${TRAILING_ZERO} ELSE 0 END`;
  // Minus nothing is nothing as a number, and the minus would be lost.
  const number = `regexp_full_match(${cell}, '${NUMBER_PATTERN}') AND ${digits} <= 15 AND NOT regexp_full_match(${cell}, '-[0.]+')`;
  // A program that counts days takes 1900 for a leap year: what is before March 1900 is off by a day.
  const sound = `substr(${cell}, 1, 10) >= '1900-03-01' AND TRY_CAST(substr(${cell}, 1, 10) AS DATE) IS NOT NULL`;
  return `CASE WHEN ${cell} IS NULL THEN NULL
    WHEN ${number} THEN ${decimals} + ${trailing}
    WHEN regexp_full_match(${cell}, '${DAY_PATTERN}') AND ${sound} THEN ${DAY}
    WHEN regexp_full_match(${cell}, '${TIME_PATTERN}') AND ${sound} THEN CASE WHEN contains(${cell}, '.') THEN ${FRACTION} ELSE ${TIME} END
    ELSE ${OTHER} END`;
}
