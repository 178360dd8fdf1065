import { z } from "zod";
import { literal } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { groupCount, Pattern } from "../pattern.ts";
import { quoted } from "../words.ts";

/** Keeps only one group of a pattern's first match; a cell without a match fails. */
export const extractPattern = operation({
  name: "extract_pattern",
  title: "Keep only what a pattern finds",
  args: z.strictObject({
    pattern: Pattern,
    group: z.int().min(0).max(9).default(0).meta({ description: "0 is the whole match" }),
  }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["size"], args: { pattern: String.raw`(\d+) cm`, group: 1 } },
  sentence: ({ columns, args }) => `Keeps of ${quoted(columns)} only what ${args.pattern} finds`,
  failure: ({ pattern }) => `has nothing that matches ${pattern}`,
  check: ({ args }) => {
    const groups = groupCount(args.pattern);
    return args.group > groups
      ? [`args.group: is ${args.group}, but the pattern has ${groups} groups`]
      : [];
  },
  cell: ({ pattern, group }) => ({
    fallible: true,
    stages: [(v) => `nullif(regexp_extract(${v}, ${literal(pattern)}, ${group}), '')`],
  }),
});
