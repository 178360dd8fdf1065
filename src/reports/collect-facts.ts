/** Collects what a report tells of the output files. */
import type { Ask, Dialect } from "../core/index.ts";
import {
  type AfterColumn,
  ChangedCell,
  type QuarantineGroup,
  type ReportFacts,
} from "./report-input.ts";
import { type ReportFiles, type ReportQueries, reportQueries } from "./report-queries.ts";
import { shownColumns } from "./shown-columns.ts";

/** The table that a report is about. */
export interface ReportTable {
  /** Names of the input's columns, in order. */
  readonly columnsIn: readonly string[];
  /** Names of the cleaned table's columns, in order. */
  readonly columnsOut: readonly string[];
  /** How the input's bytes are to be read as text where they are not UTF-8. */
  readonly encoding?: Dialect["encoding"] | undefined;
}

/** Ask all questions of a report, and put the answers together. */
export async function collectReportFacts(
  ask: Ask,
  files: ReportFiles,
  { columnsIn, columnsOut, encoding }: ReportTable,
  signal?: AbortSignal,
): Promise<ReportFacts> {
  const asked: Ask = (query) => ask(query, signal);
  const queries = reportQueries({ ...files, columns: [] });
  const changes = await changeFacts(asked, queries.changes);
  const changed = changes.changedColumns.map(({ column }) => column);
  const out = new Set(columnsOut);
  const shown = shownColumns(columnsIn, columnsOut, changed).filter((column) => out.has(column));
  const after: AfterColumn[] = [];
  for (const query of reportQueries({ ...files, columns: shown }).after) {
    after.push(...(await asked(query)));
  }
  return {
    ...changes,
    quarantine: await quarantineFacts(asked, queries.quarantine, encoding),
    duplicates: await duplicateFacts(asked, queries.duplicates),
    after,
  };
}

async function changeFacts(
  ask: Ask,
  queries: ReportQueries["changes"],
): Promise<Pick<ReportFacts, "samples" | "changedColumns" | "changedColumnCount">> {
  if (queries === null) return { samples: [], changedColumns: [], changedColumnCount: 0 };
  const columns = await ask(queries.columns);
  const steps = await ask(queries.steps);
  const samples = await ask(queries.samples);
  return {
    samples: steps.map(({ stepId, cells, columns: inColumns }) => ({
      stepId,
      cells,
      columns: inColumns,
      samples: samples
        .filter((sample) => sample.stepId === stepId)
        .map((sample) => ChangedCell.parse(sample)),
    })),
    changedColumns: columns.map(({ column, cells }) => ({ column, cells })),
    changedColumnCount: columns[0]?.total ?? 0,
  };
}

async function quarantineFacts(
  ask: Ask,
  queries: ReportQueries["quarantine"],
  encoding: Dialect["encoding"] | undefined,
): Promise<QuarantineGroup[]> {
  if (queries === null) return [];
  const codes = await ask(queries.codes);
  const originals = await ask(queries.samples);
  return codes.map(({ code, reason, reasons, rows, cells }) => ({
    code,
    reason,
    reasons,
    rows,
    cells,
    samples: originals
      .filter((original) => original.code === code)
      .map((original) => quarantineSample(original, encoding)),
  }));
}

async function duplicateFacts(
  ask: Ask,
  queries: ReportQueries["duplicates"],
): Promise<ReportFacts["duplicates"]> {
  if (queries === null) return { count: 0, samples: [] };
  const [listed] = await ask(queries.count);
  return { count: listed?.count ?? 0, samples: await ask(queries.samples) };
}

interface Original extends Omit<QuarantineGroup["samples"][number], "rawText"> {
  readonly rawHex: string;
}

function quarantineSample(
  { row, column, rawHex, sizeBytes, reason }: Original,
  encoding: Dialect["encoding"] | undefined,
): QuarantineGroup["samples"][number] {
  const bytes = Buffer.from(rawHex, "hex");
  const rawText = textOf(bytes, encoding, sizeBytes > bytes.length);
  return { row, column, rawText, sizeBytes, reason };
}

/**
 * Original bytes as text. A sample that is `cut` may end within a character, which is then left
 * off. Bytes that are UTF-8 are read so, whatever the input's encoding: cells that a step set aside are.
 */
export function textOf(
  bytes: Uint8Array,
  encoding: Dialect["encoding"] = "utf-8",
  cut = false,
): string {
  const wide = encoding.startsWith("utf-16") && bytes.includes(0);
  if (!wide) {
    try {
      const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      return strict.decode(bytes, { stream: cut });
    } catch {
      // Not UTF-8: the input's own encoding, or marks in the place of bytes that are no text.
    }
  }
  if (encoding === "latin-1") return Buffer.from(bytes).toString("latin1");
  // Node 20 reads windows-1252 as latin-1 unless it reads a stream; one byte is one character in both.
  const stream = cut || encoding === "windows-1252";
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes, { stream });
}
