import { z } from "zod";
import type { TaskResults } from "../../orchestration/index.ts";
import { defineTaskKind, type TaskContext } from "../kind.ts";
import { ReadOptions } from "./read-options.ts";
import { WriteOptions } from "./write-options.ts";

const ExcelOptions = z.discriminatedUnion("action", [WriteOptions, ReadOptions]);
type ExcelOptions = z.infer<typeof ExcelOptions>;

export const excel = defineTaskKind({
  name: "excel",
  description:
    "Writes tables as the sheets of one Excel workbook, or the sheets of workbooks as tables.",
  options: ExcelOptions,
  results: {
    file: "The workbook written, as an absolute path.",
    sheets: "Its sheets: `name`, `rows`, `columns`, `source` files, `misfits`, `cut`, `leftOut`.",
    rows: "Rows of all sheets or tables, titles left out.",
    bytes: "Size of the workbook.",
    sha256: "SHA-256 of the workbook.",
    files: "Tables written by `action: read`, as absolute paths.",
    tables: "Of each sheet read: `file`, `workbook`, `sheet`, `rows`, `columns`, `leftOut`.",
  },
  files: ["template"],
  heavy: true,
  run: runExcel,
});

async function runExcel(context: TaskContext<ExcelOptions>): Promise<TaskResults> {
  const { options } = context;
  // Only when it is to work: the engine's readers and writers come with it.
  if (options.action === "read") return (await import("./read.ts")).read({ ...context, options });
  return (await import("./write.ts")).write({ ...context, options });
}
