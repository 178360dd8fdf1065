import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { exists, fileSha256, WranglerError, writeWhole } from "../../core/index.ts";
import type { TaskResults } from "../../orchestration/index.ts";
import type { TaskContext } from "../kind.ts";
import { type SheetOrder, sheetOrders } from "./sheet-orders.ts";
import { sheetPlans, type TablePart } from "./sheet-plans.ts";
import { type Staging, withStaging } from "./staging.ts";
import { loadTable } from "./tables/index.ts";
import { targetPath } from "./target-path.ts";
import { fillTemplate } from "./template/index.ts";
import { writeWorkbook } from "./workbook/index.ts";
import type { WriteOptions } from "./write-options.ts";

/**
 * Tables to a workbook. All tables are read and looked at before the first row is written; the
 * workbook gets its name when it is whole.
 */
export async function write(context: TaskContext<WriteOptions>): Promise<TaskResults> {
  const { options, folder, attempt, log } = context;
  const file = targetPath(options.to, context);
  const orders = await sheetOrders(context);
  const files = orders.flatMap(({ table }) => table.paths);
  const { memoryLimit } = options;
  return withStaging({ folder, attempt, memoryLimit, files }, async (staging) => {
    const parts = await tableParts(orders, staging, context);
    const work =
      options.template === undefined ? newWorkbook(parts, context) : filled(parts, context);
    const { sheets, sha256 } = await writeWhole(file, (aside) =>
      writeAside(aside, file, work, context),
    );
    const rows = sheets.reduce((sum, sheet) => sum + sheet.rows, 0);
    const { size: bytes } = await stat(file);
    log.info({ file, sheets: sheets.length, rows, bytes }, "workbook written");
    return { file, sheets, rows, bytes, sha256 };
  });
}

async function tableParts(
  orders: readonly SheetOrder[],
  staging: Staging,
  { options, timeZone, signal, log }: TaskContext<WriteOptions>,
): Promise<TablePart[]> {
  const { long, misfit } = options;
  const parts: TablePart[] = [];
  for (const [index, order] of orders.entries()) {
    const table = await loadTable(order.table, staging.folderOf(index), staging.ask, signal);
    const { rows, rejected } = table.dataset;
    if (rejected > 0) log.warn({ sheet: order.name, rejected }, "records are left out");
    log.debug({ sheet: order.name, rows }, "table read");
    parts.push({ order, table, data: table.rows({ long, misfit, timeZone }) });
  }
  return parts;
}

/** Writes a workbook to a path; what is told of its sheets. */
type Work = (path: string) => Promise<SheetResult[]>;

function newWorkbook(
  parts: readonly TablePart[],
  { options, scheduledAt, signal }: TaskContext<WriteOptions>,
): Work {
  const tables = sheetPlans(parts, options.maxRows);
  const sheets = tables.flatMap(({ plans }) => plans);
  const { escapeFormulas } = options;
  return async (path) => {
    await writeWorkbook(path, { sheets, createdAt: scheduledAt, escapeFormulas }, signal);
    return tables.flatMap(({ plans, ...part }) =>
      plans.map(({ name, rows }, i) => sheetResult(part, name, rows, i === 0)),
    );
  };
}

function filled(
  parts: readonly TablePart[],
  { options, configFolder, signal }: TaskContext<WriteOptions>,
): Work {
  const { template = "", values, escapeFormulas } = options;
  const fills = parts.map(({ order, table, data }) => ({
    sheet: order.name,
    at: order.at,
    columns: table.columns.map(({ format, kind, wished }) => ({
      format,
      wished,
      isText: kind === "text",
    })),
    rows: table.dataset.rows,
    data,
  }));
  const order = { template: resolve(configFolder, template), fills, values, escapeFormulas };
  return async (path) => {
    const names = await fillTemplate(path, order, signal);
    return parts.map((part, i) =>
      sheetResult(part, names[i] ?? part.order.name, part.table.dataset.rows, true),
    );
  };
}

/** Writes the workbook where it has no name yet; what is told of it, and its SHA-256. */
async function writeAside(
  aside: string,
  file: string,
  work: Work,
  { options, signal }: TaskContext<WriteOptions>,
): Promise<{ readonly sheets: SheetResult[]; readonly sha256: string }> {
  const sheets = await work(aside).catch((error: unknown) => {
    if (signal.aborted) throw new WranglerError("CANCELED", "", {}, { cause: error });
    throw error;
  });
  const sha256 = await fileSha256(aside, signal);
  // The same content is what an attempt wrote that was cut off before it could say so.
  if (!options.overwrite && (await exists(file)) && (await fileSha256(file, signal)) !== sha256) {
    const reason = `${file} is there already and holds something else; \`overwrite: true\` replaces it.`;
    throw new WranglerError("WORKBOOK_INVALID", reason, { file });
  }
  return { sheets, sha256 };
}

/** What is told of a sheet. A type, since an interface is no Json. */
type SheetResult = {
  name: string;
  rows: number;
  columns: number;
  source: string[];
  misfits: number;
  cut: number;
  leftOut: number;
};

function sheetResult(
  { order, table }: Omit<TablePart, "data">,
  name: string,
  rows: number,
  first: boolean,
): SheetResult {
  const { counts, columns, dataset } = table;
  return {
    name,
    rows,
    columns: columns.length,
    source: [...order.table.paths],
    // Of the whole table, told with its first sheet.
    misfits: first ? counts.misfits : 0,
    cut: first ? counts.cut : 0,
    leftOut: first ? dataset.rejected : 0,
  };
}
