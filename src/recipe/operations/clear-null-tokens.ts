import { z } from "zod";
import { literals } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { SPACE } from "../pattern.ts";
import { quoted } from "../words.ts";

const SPACES = `[${SPACE}]+`;

/** Empties cells that spell “missing”. */
export const clearNullTokens = operation({
  name: "clear_null_tokens",
  title: "Empty the cells that only say that a value is missing",
  args: z.strictObject({
    /** Exact spellings; white space around the cell does not count. */
    tokens: z.array(z.string()).min(1).meta({ description: "exact spellings" }),
  }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["rating"], args: { tokens: ["N/A", "-"] } },
  sentence: ({ columns, args }) =>
    `Empties the cells of ${quoted(columns)} that say ${quoted(args.tokens)}`,
  cell: ({ tokens }) => ({
    stages: [
      (v) => {
        const bare = `regexp_replace(${v}, '^${SPACES}|${SPACES}$', '', 'g')`;
        // Few cells have white space at an end, and none longer than this can be a token.
        const longest = Math.max(...tokens.map((token) => Buffer.byteLength(token)));
        return `CASE WHEN ${v} IN ${literals(tokens)} THEN NULL
          WHEN strlen(${v}) > ${longest} AND ${bare} IN ${literals(tokens)} THEN NULL ELSE ${v} END`;
      },
    ],
  }),
});
