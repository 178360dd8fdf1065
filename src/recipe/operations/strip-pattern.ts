import { z } from "zod";
import { literal } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { Pattern } from "../pattern.ts";
import { quoted } from "../words.ts";

/** Removes every match of a pattern. */
export const stripPattern = operation({
  name: "strip_pattern",
  title: "Remove every match of a pattern",
  args: z.strictObject({ pattern: Pattern }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["name"], args: { pattern: " [(]copy[)]$" } },
  sentence: ({ columns, args }) => `Removes what matches ${args.pattern} from ${quoted(columns)}`,
  cell: ({ pattern }) => ({
    stages: [(v) => `regexp_replace(${v}, ${literal(pattern)}, '', 'g')`],
  }),
});
