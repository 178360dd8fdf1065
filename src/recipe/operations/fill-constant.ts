import { z } from "zod";
import { literal } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Fills empty cells with one value. */
export const fillConstant = operation({
  name: "fill_constant",
  title: "Fill empty cells with one value",
  args: z.strictObject({ value: z.string().min(1) }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["country"], args: { value: "unknown" } },
  sentence: ({ columns, args }) => `Fills empty cells of ${quoted(columns)} with “${args.value}”`,
  cell: ({ value }) => ({
    onEmpty: true,
    stages: [(v) => `coalesce(${v}, ${literal(value)})`],
  }),
});
