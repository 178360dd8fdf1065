/**
 * Documents that wrap their rows: `{"total": 2, "data": [{…}, {…}]}`.
 *
 * @module
 */
import { fileChunks } from "./file-chunks.ts";
import { JsonCutter } from "./json-elements.ts";
import { type PlainFile, readBytes } from "./plain-file.ts";

/** What stands around the rows is small; a text with more around them is of another kind. */
const MAX_AROUND_BYTES = 1 << 20;

/**
 * Where the array of rows begins in a file that is one object with exactly one array of objects
 * among its members, as an offset from `start`; undefined for every other file.
 */
export async function envelopeOf(
  { path }: PlainFile,
  start: number,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const head = (await readBytes(path, start, MAX_AROUND_BYTES)).toString("latin1");
  const rowsAt = rowsIn(head);
  if (rowsAt === undefined) return undefined;
  const cutter = new JsonCutter(false, rowsAt);
  for await (const chunk of fileChunks(path, signal, start)) {
    cutter.push(chunk);
    if (cutter.closedBytes > MAX_AROUND_BYTES) return undefined;
  }
  const tail = cutter.end().rest.toString("latin1");
  return cutter.closedBytes > 0 &&
    isAround(`${head.slice(0, rowsAt)}0${tail.replace(/^[ \t\r\n,]*\]/, "")}`)
    ? rowsAt
    : undefined;
}

function isObject(item: unknown): item is object {
  return typeof item === "object" && item !== null;
}

/** Whether what is left around the rows is one object without a further array of objects. */
function isAround(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return (
      isObject(value) &&
      Object.values(value).every((item) => !Array.isArray(item) || !item.some(isObject))
    );
  } catch {
    return false;
  }
}

const [BLANKS, KEY, SCALAR] = [
  /[ \t\r\n]*/y,
  /"[^"\\]*(?:\\.[^"\\]*)*"[ \t\r\n]*:[ \t\r\n]*/y,
  /[^,}\]]*/y,
];

/** Offset of the first member of an object that is an array and opens with an object. */
function rowsIn(text: string): number | undefined {
  let at = behind(BLANKS, text, 0);
  if (text[at] !== "{") return undefined;
  do {
    at = behind(BLANKS, text, at + 1);
    const value = behind(KEY, text, at);
    if (value === at) return undefined;
    if (text[value] === "[" && text[behind(BLANKS, text, value + 1)] === "{") return value;
    at = behind(BLANKS, text, valueEnd(text, value));
  } while (text[at] === ",");
  return undefined;
}

function behind(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

const PIECE = /"[^"\\]*(?:\\.[^"\\]*)*"|[[{]|[\]}]|[^"[\]{}]+/y;

function valueEnd(text: string, from: number): number {
  if (text[from] === '"') return behind(PIECE, text, from);
  if (text[from] !== "[" && text[from] !== "{") return behind(SCALAR, text, from);
  let [at, depth] = [from, 0];
  do {
    const next = behind(PIECE, text, at);
    if (next === at) return text.length;
    if (next === at + 1 && "[{".includes(text[at] ?? "")) depth++;
    if (next === at + 1 && "]}".includes(text[at] ?? "")) depth--;
    at = next;
  } while (depth > 0);
  return at;
}
