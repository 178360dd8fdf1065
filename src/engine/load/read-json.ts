import { isUtf8 } from "node:buffer";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Column, fileSha256, WranglerError } from "../../core/index.ts";
import { refuseTooWide } from "./column-limit.ts";
import { nameColumns } from "./column-names.ts";
import { fileChunks } from "./file-chunks.ts";
import { originalBytes } from "./encodings.ts";
import { envelopeOf } from "./json-envelope.ts";
import {
  JsonCutter,
  type JsonElement,
  type Member,
  type MemberKind,
  membersOf,
} from "./json-elements.ts";
import { plainJson } from "./json-rendering.ts";
import type { Part, PartRequest } from "./part.ts";
import { type PlainFile, plainFile } from "./plain-file.ts";
import { POSITION } from "./rendering.ts";
import { RowFile, stageRows } from "./stage-writer.ts";

const BOM_BYTES = 3;
const BOM = Buffer.from("\uFEFF");

/** How the elements of a file are cut out. */
interface Cut {
  /** One value a line. */
  readonly lines: boolean;
  /** Where the array of rows begins that an object wraps. */
  readonly arrayAt?: number;
}

/** What the first pass over a JSON file learns. */
interface Shape {
  /** Keys in order of first appearance, with the kinds of their values. */
  readonly keys: Map<string, Set<MemberKind | "integer">>;
  elements: number;
  objects: number;
  inArray: boolean;
}

/**
 * Read a JSON array of objects, alone or as the one such member of an object, or NDJSON. Numbers keep their spelling, nested values become JSON
 * text. Two passes: the columns are known only when the last object has been seen.
 *
 * @throws {WranglerError} INPUT_UNREADABLE when it holds no object at all, INPUT_EMPTY when nothing.
 */
export async function readJsonFile(request: PartRequest): Promise<Part> {
  const { contentPath, folder, read, signal } = request;
  const plain = await plainFile(contentPath, folder, read, false, signal);
  try {
    const cut = await cutOf(request, plain);
    const shape = await learnShape(plain, cut, signal);
    refuseNoTable(shape, request.path);
    const keys = [...shape.keys.keys()];
    await refuseTooWide(keys.length, request.path, request.ask, signal);
    const types = [...shape.keys.values()].map((kinds) => typeOf(kinds));
    const columns = nameColumns(keys, types);
    const { rejected } = await stage(request, plain, shape, columns, cut);
    const records = shape.elements;
    return {
      file: {
        path: request.path,
        format: shape.inArray ? "json" : "ndjson",
        sizeBytes: request.sizeBytes,
        sha256: request.sha256 ?? (await fileSha256(contentPath, signal)),
        records,
        firstRow: request.firstRow,
        dialect: null,
      },
      columns,
      rows: records - rejected,
      rejected,
      accounting: {
        physicalLines: records,
        headerLines: 0,
        recordLines: records,
        blankLines: 0,
        skippedLines: 0,
      },
    };
  } finally {
    if (plain.copy) await rm(plain.path, { force: true });
  }
}

const LINES_BY_NAME = /\.(ndjson|jsonl)(\.[^./]+)?$/i;

async function cutOf(request: PartRequest, plain: PlainFile): Promise<Cut> {
  const { read, path, signal } = request;
  const byName = read.format === undefined && LINES_BY_NAME.test(path);
  if (read.format !== "ndjson" && !byName) {
    const arrayAt = await envelopeOf(plain, plain.bom ? BOM_BYTES : 0, signal);
    if (arrayAt !== undefined) return { lines: false, arrayAt };
  }
  return { lines: await isLines(request, plain) };
}

/** One value a line, unless the first line is not a whole value. */
async function isLines(request: PartRequest, plain: PlainFile): Promise<boolean> {
  if (request.read.format === "json") return false;
  for await (const { raw } of elementsOf(plain, { lines: true }, request.signal)) {
    const text = raw.toString("utf8");
    if (text.startsWith("[")) return false;
    return request.read.format === "ndjson" || membersOf(text) !== undefined;
  }
  return false;
}

async function* elementsOf(
  plain: PlainFile,
  { lines, arrayAt }: Cut,
  signal?: AbortSignal,
): AsyncGenerator<JsonElement & { readonly inArray: boolean; readonly last?: Buffer }> {
  const cutter = new JsonCutter(lines, arrayAt);
  const start = plain.bom ? BOM_BYTES : 0;
  for await (const chunk of fileChunks(plain.path, signal, start))
    for (const element of cutter.push(chunk)) yield { ...element, inArray: cutter.inArray };
  const { elements, rest } = cutter.end();
  for (const element of elements) yield { ...element, inArray: cutter.inArray };
  yield { gap: rest, raw: Buffer.alloc(0), inArray: cutter.inArray, last: rest };
}

async function learnShape(plain: PlainFile, cut: Cut, signal?: AbortSignal): Promise<Shape> {
  const shape: Shape = { keys: new Map(), elements: 0, objects: 0, inArray: false };
  for await (const element of elementsOf(plain, cut, signal)) {
    shape.inArray = element.inArray;
    if (element.last) continue;
    shape.elements++;
    const members = readMembers(element.raw);
    if (!members) continue;
    shape.objects++;
    for (const { key, kind, text } of members) {
      const kinds = shape.keys.get(key) ?? new Set();
      shape.keys.set(key, kinds.add(kind === "number" && /^-?\d+$/.test(text) ? "integer" : kind));
    }
  }
  return shape;
}

function readMembers(raw: Buffer): Member[] | undefined {
  return isUtf8(raw) ? membersOf(raw.toString("utf8")) : undefined;
}

function refuseNoTable({ elements, objects, keys }: Shape, path: string): void {
  if (elements === 0)
    throw new WranglerError("INPUT_EMPTY", `${path} holds no JSON value.`, { path });
  if (objects > 0 && keys.size > 0) return;
  throw new WranglerError(
    "INPUT_UNREADABLE",
    `${path}: expected an array of objects, or one object a line; none of its ${elements} values is an object with keys.`,
    { path },
  );
}

/** The type that fits all values of a key; null where they differ. */
function typeOf(kinds: ReadonlySet<MemberKind | "integer">): string | null {
  const found = [...kinds].filter((kind) => kind !== "null");
  const every = (...allowed: string[]) =>
    found.length > 0 && found.every((kind) => allowed.includes(kind));
  if (every("integer")) return "BIGINT";
  if (every("integer", "number")) return "DOUBLE";
  if (every("boolean")) return "BOOLEAN";
  if (every("string")) return "VARCHAR";
  return every("nested") ? "JSON" : null;
}

async function stage(
  request: PartRequest,
  plain: PlainFile,
  shape: Shape,
  columns: readonly Column[],
  cut: Cut,
): Promise<{ rejected: number }> {
  const { side, index, firstRow, folder, signal } = request;
  const places = new Map(columns.map(({ label }, place) => [label, place]));
  const rows = new RowFile(join(folder, "rows.staging.csv"));
  const original = (bytes: Buffer) => originalBytes(bytes, plain.encoding);
  let [row, rejected] = [firstRow - 1, 0];
  if (plain.bom) await side.render(index, 0, POSITION.before, original(BOM));
  try {
    for await (const { gap, raw, last } of elementsOf(plain, cut, signal)) {
      if (last) {
        if (last.length > 0) await side.render(index, row + 1, POSITION.before, original(last));
        continue;
      }
      row++;
      const members = readMembers(raw);
      if (!members) {
        rejected++;
        if (gap.length > 0) await side.render(index, row, POSITION.before, original(gap));
        await side.reject(row, original(raw), "NOT_AN_OBJECT", notAnObject(raw));
        continue;
      }
      const values = cellsOf(members, places);
      await rows.add([row, ...values]);
      const shown = Buffer.concat([gap, raw]);
      if (shown.toString("utf8") !== plainJson(values, columns, shape.inArray, row === firstRow))
        await side.render(index, row, POSITION.record, original(shown));
    }
    await rows.close();
    const staged = await stageRows(rows, columns, request.stagedPath, request.ask, signal);
    checkBalance(request.path, shape.elements, row - firstRow + 1, staged + rejected);
    return { rejected };
  } finally {
    await rows.remove();
  }
}

function checkBalance(path: string, elements: number, read: number, kept: number): void {
  if (elements === read && elements === kept) return;
  const reason = `${path}: ${elements} values counted, ${read} read, ${kept} staged or set aside.`;
  throw new WranglerError("ROW_BALANCE", reason, { path });
}

function cellsOf(
  members: readonly Member[],
  places: ReadonlyMap<string, number>,
): (string | null)[] {
  const values: (string | null)[] = Array.from({ length: places.size }, () => null);
  for (const { key, kind, text } of members)
    values[places.get(key) ?? 0] = kind === "null" ? null : text;
  return values;
}

function notAnObject(raw: Buffer): string {
  if (!isUtf8(raw)) return "It holds bytes that are no text in UTF-8.";
  try {
    const value: unknown = JSON.parse(raw.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return "A key stands twice in the object.";
    return "The value is no object.";
  } catch {
    return "The text is no sound JSON.";
  }
}
