import { z } from "zod";
import { operation } from "../operation.ts";

/** Takes rows out of the table and keeps them in the quarantine. */
export const quarantineRows = operation({
  name: "quarantine_rows",
  title: "Set rows aside in the quarantine",
  args: z.strictObject({ code: z.string().min(1), reason: z.string().min(1) }),
  scope: "row",
  reversible: "yes, by the quarantine",
  columnCount: { min: 0, max: 0 },
  needsWhere: true,
  example: { columns: [], args: { code: "total_line", reason: "The line sums up others." } },
  sentence: ({ args }) => `Sets rows aside in the quarantine (${args.code})`,
  listing: ({ code, reason }) => ({ code, reason }),
  compile(step, plan) {
    const rows = step.where && plan.rows(step.where);
    if (rows) plan.remove(step, "quarantine", `SELECT r, NULL AS kept FROM ${rows}`);
  },
});
