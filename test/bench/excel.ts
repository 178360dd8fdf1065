/**
 * Time and memory of writing a large table as a workbook, and of reading it back.
 *
 *   npx tsx test/bench/excel.ts [--rows 200000]
 *
 * Each runs in a process of its own: the peak is that of the process that writes or reads; the engine
 * beside it, which reads and stages the tables, is counted for itself.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { writeLargeTable } from "../helpers/large-table.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "200000" } } });
const rows = Number(values.rows);
const folder = await mkdtemp(join(tmpdir(), "data-wrangler-bench-"));
const program = fileURLToPath(new URL("../programs/run-excel.ts", import.meta.url));
const say = (text: string) => process.stdout.write(`${text}\n`);
const mega = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

async function measured(what: string, options: object, file: string): Promise<void> {
  const args = ["--import", "tsx", program, folder, JSON.stringify(options)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { ms, peakBytes, enginePeakBytes } = JSON.parse(stdout) as Record<string, number>;
  const { size } = await stat(join(folder, file));
  say(
    `${what.padEnd(24)} ${(ms! / 1000).toFixed(1)} s, peak ${mega(peakBytes!)}, engine ${mega(enginePeakBytes!)}, ${mega(size)} written`,
  );
}

try {
  await writeLargeTable(join(folder, "table.csv"), rows);
  say(`${rows} rows of 10 columns, ${mega((await stat(join(folder, "table.csv"))).size)} of CSV`);
  await measured("CSV to XLSX", { to: "table.xlsx", files: "table.csv" }, "table.xlsx");
  await measured(
    "XLSX to CSV",
    { action: "read", read: "table.xlsx", to: "csv" },
    "csv/table.table.csv",
  );
  await measured(
    "XLSX to Parquet",
    { action: "read", read: "table.xlsx", to: "parquet", format: "parquet" },
    "parquet/table.table.parquet",
  );
  await measured("Parquet to XLSX", { to: "again.xlsx", files: "parquet/*.parquet" }, "again.xlsx");
} finally {
  await rm(folder, { recursive: true, force: true });
}
