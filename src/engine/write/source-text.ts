import type { Ask, Dataset, SourceFile } from "../../core/index.ts";
import { BOMS, encodeText } from "../load/encodings.ts";
import { plainJson } from "../load/json-rendering.ts";
import { type Layout, POSITION, type Quoting, renderRecord } from "../load/rendering.ts";
import { mismatch, renderingOf, type Restored } from "./undo-tables.ts";

const PAGE_ROWS = 5_000;

/** One file of a dataset, to be written as it was. */
export interface SourceTextRequest {
  readonly dataset: Dataset;
  readonly index: number;
  readonly file: SourceFile;
  /** The dataset's records; as many are taken as the file has. */
  readonly records: AsyncGenerator<Restored>;
  /** What the rendering says about the file as a whole. */
  readonly facts: ReadonlyMap<number, Buffer>;
  readonly ask: Ask;
  readonly signal: AbortSignal | undefined;
}

type Rendering = ReadonlyMap<number, Buffer> | undefined;

/**
 * The bytes of a text file (delimited or JSON) from its records and the notes on how it was written.
 *
 * @yields {Buffer} the next bytes
 */
export async function* sourceText(request: SourceTextRequest): AsyncGenerator<Buffer> {
  const { dataset, index, file, records, ask, signal } = request;
  const writer = file.dialect ? delimitedWriter(request) : jsonWriter(request);
  const header = (await renderingOf(dataset, index, 0, 0, ask, signal)).get(0);
  yield writer.head(header);
  const end = file.firstRow + file.records;
  for (let from = file.firstRow; from <= end; from += PAGE_ROWS) {
    const to = Math.min(end, from + PAGE_ROWS - 1);
    const notes = await renderingOf(dataset, index, from, to, ask, signal);
    const page: Buffer[] = [];
    for (let row = from; row <= to; row++) {
      const own = notes.get(row);
      if (row === end) page.push(own?.get(POSITION.before) ?? NOTHING);
      else page.push(writer.record(await next(records, row), own));
    }
    yield Buffer.concat(page);
  }
}

const NOTHING = Buffer.alloc(0);

interface RecordWriter {
  head(notes: Rendering): Buffer;
  record(record: Restored, notes: Rendering): Buffer;
}

async function next(records: AsyncGenerator<Restored>, row: number): Promise<Restored> {
  const { value } = await records.next();
  if (!value || value.row !== row) throw mismatch(`Record ${row} is missing.`);
  return value;
}

function delimitedWriter({ dataset, file, facts }: SourceTextRequest): RecordWriter {
  const { dialect } = file;
  if (!dialect) throw mismatch(`${file.path} has no dialect.`);
  const usual: Quoting = dialect.quoting === "all" ? "all" : "minimal";
  const quoting = dataset.columns.map((_, column) => ruleOf(facts.get(column)) ?? usual);
  const trailingDelimiter = facts.has(POSITION.trailingDelimiter);
  const layout: Layout = { dialect, quoting, trailingDelimiter };
  const newline = encodeText(dialect.newline, dialect.encoding) ?? NOTHING;
  const encode = (text: string, row: number): Buffer => {
    const bytes = encodeText(text, dialect.encoding);
    if (!bytes) throw mismatch(`Record ${row} cannot be written in ${dialect.encoding}.`);
    return bytes;
  };
  const mark = dialect.bom ? (BOMS[dialect.encoding] ?? NOTHING) : NOTHING;
  return {
    head(notes) {
      const parts = [mark, notes?.get(POSITION.before) ?? NOTHING];
      if (dialect.header) {
        const labels = dataset.columns.map(({ label }) => label);
        const plain = () =>
          encode(renderRecord(labels, { ...layout, trailingDelimiter: false }), 0);
        parts.push(notes?.get(POSITION.record) ?? plain());
        parts.push(notes?.get(POSITION.terminator) ?? newline);
      }
      return Buffer.concat(parts);
    },
    record(record, notes) {
      const plain = () =>
        "raw" in record ? record.raw : encode(renderRecord(record.values, layout), record.row);
      return Buffer.concat([
        notes?.get(POSITION.before) ?? NOTHING,
        notes?.get(POSITION.record) ?? plain(),
        notes?.get(POSITION.terminator) ?? newline,
      ]);
    },
  };
}

function ruleOf(raw: Buffer | undefined): Quoting | undefined {
  const rule = raw?.toString("latin1");
  return rule === "minimal" || rule === "all" || rule === "filled" ? rule : undefined;
}

function jsonWriter({ dataset, file }: SourceTextRequest): RecordWriter {
  return {
    head: (notes) => notes?.get(POSITION.before) ?? NOTHING,
    record(record, notes) {
      const before = notes?.get(POSITION.before) ?? NOTHING;
      if ("raw" in record) return Buffer.concat([before, record.raw]);
      const first = record.row === file.firstRow;
      const plain = () =>
        Buffer.from(plainJson(record.values, dataset.columns, file.format === "json", first));
      return notes?.get(POSITION.record) ?? plain();
    },
  };
}
