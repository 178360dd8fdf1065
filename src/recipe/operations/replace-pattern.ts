import { z } from "zod";
import { literal } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { groupCount, Pattern } from "../pattern.ts";
import { quoted } from "../words.ts";

/** Replaces every match of a pattern. */
export const replacePattern = operation({
  name: "replace_pattern",
  title: "Replace every match of a pattern",
  args: z.strictObject({
    pattern: Pattern,
    replacement: z.string().meta({ description: String.raw`\1 is the first group, \0 the match` }),
  }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["phone"], args: { pattern: "^00", replacement: "+" } },
  sentence: ({ columns, args }) =>
    args.replacement === ""
      ? `Removes what matches ${args.pattern} from ${quoted(columns)}`
      : `Replaces what matches ${args.pattern} in ${quoted(columns)} by “${args.replacement}”`,
  check: ({ args }) => {
    const highest = Math.max(
      0,
      ...[...args.replacement.matchAll(/\\(\d)/g)].map((match) => Number(match[1])),
    );
    const groups = groupCount(args.pattern);
    return highest > groups
      ? [`args.replacement: names group ${highest}, but the pattern has ${groups}`]
      : [];
  },
  cell: ({ pattern, replacement }) => ({
    stages: [(v) => `regexp_replace(${v}, ${literal(pattern)}, ${literal(replacement)}, 'g')`],
  }),
});
