import { z } from "zod";
import { literal, type Sql } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { groupCount, Pattern } from "../pattern.ts";
import { quoted } from "../words.ts";

/** Splits a column into several: at a separator, or by the groups of a pattern. */
export const splitColumn = operation({
  name: "split_column",
  title: "Split a column into several",
  args: z
    .strictObject({
      separator: z
        .string()
        .min(1)
        .optional()
        .meta({ description: "text between the parts; the last part takes the rest" }),
      pattern: Pattern.optional().meta({ description: "RE2 pattern with one group for each part" }),
      into: z.array(z.string().min(1)).min(1).max(50).meta({ description: "names of the parts" }),
      keep: z.boolean().default(false).meta({ description: "keep the column itself" }),
    })
    .refine(({ separator, pattern }) => (separator === undefined) !== (pattern === undefined), {
      message: "needs either separator or pattern",
    }),
  scope: "schema",
  reversible: "yes, by the change log",
  columnCount: { min: 1, max: 1 },
  example: {
    columns: ["location"],
    args: { separator: ", ", into: ["city", "state"], keep: false },
  },
  sentence: ({ columns, args }) =>
    `Splits ${quoted(columns)} into ${quoted(args.into)}${args.pattern ? ` by ${args.pattern}` : ` at “${args.separator}”`}`,
  check: ({ args: { pattern, into } }) =>
    pattern !== undefined && groupCount(pattern) < into.length
      ? [`args.pattern: has ${groupCount(pattern)} groups for ${into.length} parts`]
      : [],
  columnsAfter: (columns, { columns: [from = ""], args: { into, keep } }) =>
    columns.flatMap((name) => {
      if (name !== from) return [name];
      const added = into.filter((part) => part !== from);
      return keep || into.includes(from) ? [from, ...added] : added;
    }),
  compile(step, plan) {
    const [from = ""] = step.columns;
    const { into, keep } = step.args;
    const parts = into.map((_, i) => `${partSql(step.args, i)} AS p${i}`).join(", ");
    const table = plan.table(
      `SELECT r, c0, ${parts} FROM (${plan.relation([from])}) WHERE c0 IS NOT NULL`,
    );
    let at = plan.position(from);
    for (const name of into) if (name !== from) plan.add(name, step, ++at);
    into.forEach((name, i) => {
      const old = name === from ? "c0" : "NULL::VARCHAR";
      plan.patch(step, name, `SELECT r, ${old} AS o, p${i} AS n FROM ${table}`);
    });
    if (!keep && !into.includes(from)) plan.drop(from, step);
  },
});

interface How {
  readonly separator?: string | undefined;
  readonly pattern?: string | undefined;
  readonly into: readonly string[];
}

/** The part of `c0` at a position; NULL where there is none. */
function partSql({ separator = "", pattern, into }: How, at: number): Sql {
  if (pattern !== undefined) return `regexp_extract(c0, ${literal(pattern)}, ${at + 1})`;
  const all = `string_split(c0, ${literal(separator)})`;
  if (at < into.length - 1) return `list_extract(${all}, ${at + 1})`;
  return `array_to_string((${all})[${at + 1}:], ${literal(separator)})`;
}
