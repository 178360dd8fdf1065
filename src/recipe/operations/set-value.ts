import { z } from "zod";
import { literal } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Writes one value into every cell in scope, empty ones too. */
export const setValue = operation({
  name: "set_value",
  title: "Write one value into the cells in scope",
  args: z.strictObject({
    value: z.string().min(1).nullable().meta({ description: "null empties the cell" }),
  }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["status"], args: { value: "closed" } },
  sentence: ({ columns, args }) =>
    args.value === null
      ? `Empties ${quoted(columns)}`
      : `Sets ${quoted(columns)} to “${args.value}”`,
  cell: ({ value }) => ({ onEmpty: true, stages: [() => `${literal(value)}::VARCHAR`] }),
});
