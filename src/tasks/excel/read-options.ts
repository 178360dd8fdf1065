import { z } from "zod";
import { flawOfTemplate } from "../../core/index.ts";
import { damaged, Files, memoryLimit } from "./write-options.ts";

/** A workbook to tables. */
export const ReadOptions = z.strictObject({
  action: z.literal("read").describe("Write the sheets of workbooks as tables."),
  read: Files.describe(
    "XLSX files or glob patterns, relative to the configuration file, with parts of the run's time.",
  ),
  sheets: z
    .union([z.literal("all"), z.array(z.string().min(1)).min(1)])
    .default("all")
    .describe("Names of the sheets to take; `all`, hidden ones too, when left out."),
  to: z
    .string()
    .min(1)
    .superRefine((to, context) => {
      const flaw = flawOfTemplate(to);
      if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw, input: to });
    })
    .describe(
      "Folder for the tables, relative to the configuration file, with parts of the run's time; each table is `<workbook>.<sheet>.csv`.",
    ),
  format: z.enum(["csv", "parquet"]).default("csv").describe("Format of the tables."),
  header: z
    .boolean()
    .optional()
    .describe("Whether the first row has the columns' titles; by the values when left out."),
  damaged,
  memoryLimit,
});
export type ReadOptions = z.infer<typeof ReadOptions>;
