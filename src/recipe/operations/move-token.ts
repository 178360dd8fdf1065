import { z } from "zod";
import { literal, literals, type Sql } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { Pattern } from "../pattern.ts";
import { quoted } from "../words.ts";

/** Moves a token that spilled into one column back into the empty cell where it belongs. */
export const moveToken = operation({
  name: "move_token",
  title: "Move a spilled token into the empty cell of another column",
  args: z.strictObject({
    position: z.enum(["first", "last"]),
    separator: z.string().min(1),
    tokens: z.array(z.string().min(1)).min(1).optional().meta({ description: "tokens to move" }),
    pattern: Pattern.optional().meta({ description: "RE2 pattern of the whole token" }),
  }),
  scope: "table",
  reversible: "yes, by the change log",
  columnCount: { min: 2, max: 2 },
  example: {
    columns: ["city", "state"],
    args: { position: "last", separator: " ", tokens: ["OR", "CA"] },
  },
  sentence: ({ columns: [from, to], args }) =>
    `Moves the ${args.position} part of ${quoted([from ?? ""])} into ${quoted([to ?? ""])} where that is empty`,
  compile(step, plan) {
    const [from = "", to = ""] = step.columns;
    const { position, separator, tokens, pattern } = step.args;
    const rows = step.where && plan.rows(step.where);
    const mark = literal(separator);
    const [length, atEnd] = [`length(${mark})`, position === "last"];
    // The last separator is the first one of the text read backwards.
    const cut: Sql = atEnd
      ? `length(c0) - instr(reverse(c0), reverse(${mark})) - ${length} + 2`
      : `instr(c0, ${mark})`;
    const head = "left(c0, cut - 1)";
    const tail = `substr(c0, cut + ${length})`;
    const tests = ["rest <> ''", "token <> ''"];
    if (tokens) tests.push(`token IN ${literals(tokens)}`);
    if (pattern) tests.push(`regexp_full_match(token, ${literal(pattern)})`);
    const table = plan.table(`SELECT r, c0, rest, token FROM (
        SELECT r, c0, ${atEnd ? head : tail} AS rest, ${atEnd ? tail : head} AS token FROM (
          SELECT r, c0, ${cut} AS cut FROM (${plan.relation([from, to])})
          WHERE c1 IS NULL AND contains(c0, ${mark})))
      WHERE ${tests.join(" AND ")}`);
    plan.patch(
      { ...step, guard: undefined },
      to,
      `SELECT r, NULL::VARCHAR AS o, token AS n FROM ${table}${guardOf(step.guard)}`,
      rows,
    );
    plan.patch(step, from, `SELECT r, c0 AS o, rest AS n FROM ${table}`, rows);
  },
});

/** The guard is a pattern of the cell that the token leaves; it decides for both cells. */
function guardOf(guard: string | undefined): Sql {
  return guard === undefined ? "" : ` WHERE regexp_full_match(c0, ${literal(guard)})`;
}
