import { z } from "zod";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Lists cells in the quarantine; their values stay where they are. */
export const quarantineCells = operation({
  name: "quarantine_cells",
  title: "List cells in the quarantine",
  args: z.strictObject({ code: z.string().min(1), reason: z.string().min(1) }),
  scope: "cell",
  reversible: "yes, nothing changes in the table",
  example: {
    columns: ["score"],
    args: { code: "unknowable", reason: "Two digits are illegible and nothing else tells them." },
  },
  sentence: ({ columns, args }) =>
    `Lists cells of ${quoted(columns)} in the quarantine (${args.code})`,
  listing: ({ code, reason }) => ({ code, reason }),
  cell: () => ({ onEmpty: true, lists: true }),
});
