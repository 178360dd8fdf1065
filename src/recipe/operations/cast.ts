import { z } from "zod";
import type { Sql } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

const YES = "('true', 't', 'yes', 'y', '1')";
const NO = "('false', 'f', 'no', 'n', '0')";

/** Text of each type in its canonical form; NULL for text that is not of the type. */
const TYPES: Record<"integer" | "decimal" | "date" | "timestamp" | "boolean", (v: Sql) => Sql> = {
  integer: (v) =>
    `CASE WHEN regexp_full_match(${v}, '[+-]?[0-9]+(?:\\.0*)?') THEN ${signed(v, whole(v))} END`,
  decimal: (v) => {
    const text = `concat(${whole(v)}, rtrim(rtrim(regexp_extract(${v}, '\\.[0-9]*'), '0'), '.'))`;
    return `CASE WHEN regexp_full_match(${v}, '[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)') THEN ${signed(v, text)} END`;
  },
  date: (v) =>
    `CASE WHEN regexp_full_match(${v}, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}') THEN TRY_CAST(${v} AS DATE)::VARCHAR END`,
  timestamp: (v) => {
    const stamp = `TRY_CAST(${v} AS TIMESTAMP)`;
    const form =
      "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]{1,6})?)?)?";
    return `CASE WHEN NOT regexp_full_match(${v}, '${form}') THEN NULL
      WHEN contains(${v}, '.') THEN strftime(${stamp}, '%Y-%m-%d %H:%M:%S.%f')
      ELSE strftime(${stamp}, '%Y-%m-%d %H:%M:%S') END`;
  },
  boolean: (v) =>
    `CASE WHEN lower(${v}) IN ${YES} THEN 'true' WHEN lower(${v}) IN ${NO} THEN 'false' END`,
};

/** Checks that cells are of a type and writes them in its canonical form. */
export const cast = operation({
  name: "cast",
  title: "Check a type and write its canonical form",
  args: z.strictObject({ type: z.enum(["integer", "decimal", "date", "timestamp", "boolean"]) }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["count"], args: { type: "integer" } },
  sentence: ({ columns, args }) => `Makes ${quoted(columns)} of type ${args.type}`,
  failure: ({ type }) => `is not of type ${type}`,
  cell: ({ type }) => ({ fallible: true, stages: [TYPES[type]] }),
});

/** Digits before the point, without leading zeros. */
function whole(v: Sql): Sql {
  return `coalesce(nullif(ltrim(regexp_extract(${v}, '^[+-]?([0-9]*)', 1), '0'), ''), '0')`;
}

function signed(v: Sql, digits: Sql): Sql {
  return `CASE WHEN ${v}[1] = '-' AND ${digits} <> '0' THEN '-' ELSE '' END || ${digits}`;
}
