import { z } from "zod";
import { operation } from "../operation.ts";
import { counted, quoted } from "../words.ts";

const Value = z.string().min(1).nullable();

/** Rewrites exact values by a dictionary. */
export const mapValues = operation({
  name: "map_values",
  title: "Rewrite exact values by a dictionary",
  args: z.strictObject({
    map: z
      .array(z.tuple([Value, Value]))
      .min(1)
      .meta({ description: "pairs [old, new]; null is an empty cell" }),
  }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: {
    columns: ["state"],
    args: {
      map: [
        ["Calif.", "CA"],
        ["n/a", null],
      ],
    },
  },
  sentence: ({ columns, args }) => {
    const [one] = args.map;
    return one && args.map.length === 1
      ? `Writes ${quoted([one[1]])} for ${quoted([one[0]])} in ${quoted(columns)}`
      : `Rewrites ${counted(args.map.length, "value")} of ${quoted(columns)} by a dictionary`;
  },
  check: ({ args }) => {
    const seen = new Set(args.map.map(([old]) => old));
    return seen.size < args.map.length ? ["args.map: the same old value stands twice"] : [];
  },
  cell: ({ map }, plan) => ({ onEmpty: true, dictionary: plan.lookup(["old", "new"], map) }),
});
