import { z } from "zod";
import { literal, type Sql } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

const SPECIFIERS = /^(?:[^%]|%-?[aAbBcdfgGHIjmMnpSuUVwWxXyYzZ%])+$/;

const Format = z.string().regex(SPECIFIERS, "is no strptime format");

/**
 * Writes dates and times in another format. The formats are tried in order; a date that the
 * calendar does not have fails; two-digit years 69 to 99 are of the 20th century.
 */
export const parseDate = operation({
  name: "parse_date",
  title: "Write dates and times in one format",
  args: z.strictObject({
    from: z.array(Format).min(1).max(20).meta({ description: "strptime formats, tried in order" }),
    to: Format.meta({ description: "strftime format" }),
  }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["released"], args: { from: ["%d.%m.%Y", "%b %d, %Y"], to: "%Y-%m-%d" } },
  sentence: ({ columns, args }) => `Writes the dates of ${quoted(columns)} in the form ${args.to}`,
  failure: () => "is not a date in one of the forms expected",
  cell: ({ from, to }) => ({
    fallible: true,
    stages: [(v) => coalesced(v, from, to)],
  }),
});

function coalesced(v: Sql, from: readonly string[], to: string): Sql {
  const format = literal(to);
  const already = parsed(v, to);
  const found = from.map((each) => parsed(v, each)).join(", ");
  return `CASE WHEN strftime(${already}, ${format}) = ${v} THEN ${v}
    ELSE strftime(coalesce(${found}), ${format}) END`;
}

/** The engine takes “3” for a year of four digits; such years are refused here. */
function parsed(v: Sql, format: string): Sql {
  const stamp = `try_strptime(${v}, ${literal(format)})`;
  if (!format.includes("%Y")) return stamp;
  return `CASE WHEN regexp_matches(${v}, '[0-9]{4}') AND year(${stamp}) >= 1000 THEN ${stamp} END`;
}
