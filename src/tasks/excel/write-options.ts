import { z } from "zod";
import { didYouMean, flawOfTemplate, Size } from "../../core/index.ts";
import {
  flawOfFormat,
  flawOfSheetName,
  isNamedFormat,
  MAX_ROWS,
  NAMED_FORMATS,
} from "./workbook/index.ts";

const Paths = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** A list of which a single one may stand alone. */
export const Files = Paths;

const Format = z
  .string()
  .min(1)
  .superRefine((format, context) => {
    if (isNamedFormat(format)) return;
    const flaw = flawOfFormat(format);
    if (flaw === undefined) return;
    const names = Object.keys(NAMED_FORMATS);
    const message = `expected ${names.join(", ")} or a number format code such as "#,##0.0": ${flaw}.${didYouMean(format, names)}`;
    context.addIssue({ code: "custom", message, input: format });
  });

const ColumnEntry = z.strictObject({
  from: z
    .string()
    .describe("Column of the table: its heading; `x_2` is the second column with the heading `x`."),
  header: z.string().optional().describe("Title in the workbook; the heading when left out."),
  format: Format.optional().describe(
    "`text`, `number`, `integer`, `date`, `datetime`, `boolean`, `currency`, `percent`, or a number format code of the spreadsheet program such as `0.000` or `dd.mm.yyyy`; by the values when left out.",
  ),
  width: z
    .number()
    .positive()
    .max(255)
    .optional()
    .describe("Width in characters; by the values when left out."),
});

const types = z
  .enum(["auto", "text"])
  .describe(
    "`auto`: columns are numbers, days or times where the source says so, or, in text files, where every value is one and none would look otherwise; `text`: all are text.",
  );
const header = z.boolean().describe("Write the columns' titles in the first row.");
const freeze = z.boolean().describe("Keep the titles in sight while the rows move.");
const filter = z.boolean().describe("Put filter buttons on the titles.");
const split = z
  .enum(["continue", "error"])
  .describe("What more rows than a sheet holds do: go on in `Name (2)`, or fail the task.");

const SheetEntry = z.strictObject({
  name: z
    .string()
    .superRefine((name, context) => {
      const flaw = flawOfTemplate(name) ?? flawOfSheetName(name);
      const message = `expected a name that a sheet may have: ${flaw}`;
      if (flaw !== undefined) context.addIssue({ code: "custom", message, input: name });
    })
    .optional()
    .describe(
      "Name of the sheet, with parts of the time such as `{ddMMM}`; by the file when left out.",
    ),
  from: Files.describe(
    "CSV, TSV, JSON, NDJSON, Parquet or XLSX files, or glob patterns, relative to the configuration file, with parts of the run's time; all together are one table.",
  ),
  at: z
    .string()
    .min(1)
    .optional()
    .describe(
      "With a template: the first cell of the first row, such as `B5`, or the name of a cell; `A2` when left out.",
    ),
  columns: z
    .array(ColumnEntry)
    .min(1)
    .optional()
    .describe(
      "Columns in order, each a map of `from`, `header`, `format`, `width`; all when left out.",
    ),
  keepOther: z.boolean().default(false).describe("Columns not named in `columns` follow them."),
  types: types.optional(),
  header: header.optional(),
  freeze: freeze.optional(),
  filter: filter.optional(),
  split: split.optional(),
});
export type SheetEntry = z.infer<typeof SheetEntry>;

/** What the engine that reads tables may use. */
export const memoryLimit = Size.default("1GB").describe(
  "What the engine that reads the tables may take; about 2,500 columns for each GB.",
);

export const damaged = z
  .enum(["error", "skip"])
  .default("error")
  .describe("What records that cannot be read as rows do: fail the task, or be left out.");

/** Tables to a workbook. */
export const WriteOptions = z
  .strictObject({
    action: z.literal("write").optional().describe("Write a workbook; what is done when left out."),
    to: z
      .string()
      .superRefine((to, context) => {
        const flaw = flawOfTemplate(to) ?? (/\.xlsx$/i.test(to) ? undefined : "it ends otherwise");
        const message = `expected a file whose name ends in .xlsx: ${flaw}`;
        if (flaw !== undefined) context.addIssue({ code: "custom", message, input: to });
      })
      .describe(
        "The workbook, relative to the configuration file, with parts of the run's time: `reports/{yyyyMMdd}.xlsx`.",
      ),
    sheets: z
      .array(SheetEntry)
      .min(1)
      .optional()
      .describe(
        "Sheets in order, each a map of `name`, `from`, `at`, `columns`, `keepOther` and, where it differs, `types`, `header`, `freeze`, `filter`, `split`. Give either these or `files`.",
      ),
    files: Files.optional().describe(
      "Files or glob patterns, each file a sheet that is named for it. A prepared table is named for its dataset.",
    ),
    template: z
      .string()
      .min(1)
      .optional()
      .describe(
        "A workbook to fill, relative to the configuration file: rows go into its sheets by their names, titles and all else stay as they are.",
      ),
    values: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .default({})
      .describe("With a template: what stands for placeholders such as `{{total}}` in its texts."),
    types: types.default("auto"),
    header: header.default(true),
    freeze: freeze.default(true),
    filter: filter.default(true),
    split: split.default("continue"),
    maxRows: z
      .int()
      .min(2)
      .max(MAX_ROWS)
      .default(MAX_ROWS)
      .describe("Rows of a sheet, titles included."),
    long: z
      .enum(["error", "cut"])
      .default("error")
      .describe("What text of more than 32,767 characters does: fail the task, or be cut."),
    misfit: z
      .enum(["text", "error"])
      .default("text")
      .describe(
        "What a value does that is none of its column's format: stay text, or fail the task.",
      ),
    damaged,
    escapeFormulas: z
      .boolean()
      .default(true)
      .describe(
        "Mark text that begins like a formula so that it stays text when somebody edits it. Text is never written as a formula.",
      ),
    overwrite: z
      .boolean()
      .default(true)
      .describe(
        "Replace a workbook that is there; else only one with the very same content may be.",
      ),
    memoryLimit,
  })
  .superRefine(({ sheets, files, template, values }, context) => {
    const issue = (key: string, message: string, input: unknown) =>
      context.addIssue({ code: "custom", message, path: [key], input });
    if (sheets && files) issue("files", "expected either sheets or files, got both", files);
    if (!sheets && !files && template === undefined)
      issue("sheets", "expected sheets, or files in their place, got neither", sheets);
    if (template !== undefined) return;
    const message = "it is for a template, and none is named";
    if (sheets?.some(({ at }) => at !== undefined)) issue("sheets", `at: ${message}`, sheets);
    if (Object.keys(values).length > 0) issue("values", message, values);
  });
export type WriteOptions = z.infer<typeof WriteOptions>;
