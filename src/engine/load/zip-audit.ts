import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { crc32, createInflateRaw } from "node:zlib";
import { isWranglerError, WranglerError } from "../../core/index.ts";
import type { ZipDirectory, ZipEntry } from "./zip-directory.ts";

/** What an archive may amount to. */
export interface ZipLimits {
  readonly entries: number;
  readonly entryBytes: number;
  readonly totalBytes: number;
  /** Expanded to packed bytes of an entry that expands to more than {@link ZipLimits.ratioFromBytes}. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}

/** Sees the expanded bytes of an entry; the text it gives back says what is wrong with them. */
export type EntryWatch = (chunk: Buffer) => string | undefined;

const LOCAL_SIGNATURE = 0x04034b50;
const DIRECTORY_SIGNATURE = 0x02014b50;
const NOTE_SIGNATURE = 0x08074b50;
const LOCAL_BYTES = 30;
/** Flags: encrypted; sizes follow the data. */
const ENCRYPTED = 1;
const SIZES_FOLLOW = 8;
/** The longest note of sizes behind the data. */
const DESCRIPTOR_BYTES = 24;
const SIGNATURE_BYTES = 4;
const UNKNOWN_SIZE = 0xffffffff;

/**
 * Check an archive whole, holding a few kilobytes of it at a time: what its directory declares is
 * within the limits; its entries stand one after the other, without gap or overlap, each under the
 * name and size of the directory, so that readers from either end see the same; and each expands to
 * exactly what it declares. A size that lies is found out at the first byte too many.
 *
 * @param watch gives what is to see the bytes of an entry, if anything
 * @throws {WranglerError} INPUT_UNREADABLE saying what is wrong; CANCELED.
 */
export async function auditZip(
  path: string,
  { entries, offset }: ZipDirectory,
  limits: ZipLimits,
  watch: (name: string) => EntryWatch | undefined,
  signal?: AbortSignal,
): Promise<void> {
  const flaw = declaredFlaw(entries, limits);
  if (flaw !== undefined) throw refused(path, flaw);
  const file = await open(path, "r");
  try {
    let at = 0;
    for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
      const data = await dataOf(file, path, entry, at);
      at = data.end;
      await expand(path, entry, data.start, watch(entry.name), signal);
    }
    if (at !== offset) throw refused(path, "its directory does not follow its last part");
  } finally {
    await file.close();
  }
}

function declaredFlaw(entries: readonly ZipEntry[], limits: ZipLimits): string | undefined {
  const total = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (entries.length > limits.entries)
    return `it holds ${entries.length} parts, more than ${limits.entries}`;
  const names = new Set(entries.map(({ name }) => name.toLowerCase()));
  if (names.size < entries.length) return "two of its parts have the same name";
  const large = entries.find(({ sizeBytes }) => sizeBytes > limits.entryBytes);
  if (large)
    return `its part ${large.name} would expand to ${large.sizeBytes} bytes, more than ${limits.entryBytes}`;
  if (total > limits.totalBytes)
    return `it would expand to ${total} bytes, more than ${limits.totalBytes}`;
  const packed = entries.find(
    ({ sizeBytes, compressedBytes }) =>
      sizeBytes > limits.ratioFromBytes && sizeBytes > limits.ratio * compressedBytes,
  );
  return packed
    ? `its part ${packed.name} would expand from ${packed.compressedBytes} to ${packed.sizeBytes} bytes, more than ${limits.ratio} times`
    : undefined;
}

/** Where an entry's data stands; `at` is where what came before it ended. */
async function dataOf(
  file: FileHandle,
  path: string,
  entry: ZipEntry,
  at: number,
): Promise<{ readonly start: number; readonly end: number }> {
  const header = Buffer.alloc(LOCAL_BYTES);
  await file.read(header, 0, LOCAL_BYTES, entry.offset);
  const nameBytes = header.readUInt16LE(26);
  const name = Buffer.alloc(nameBytes);
  await file.read(name, 0, nameBytes, entry.offset + LOCAL_BYTES);
  const flags = header.readUInt16LE(6);
  const start = entry.offset + LOCAL_BYTES + nameBytes + header.readUInt16LE(28);
  const same =
    header.readUInt32LE(0) === LOCAL_SIGNATURE &&
    name.toString("utf8") === entry.name &&
    header.readUInt16LE(8) === entry.method &&
    ((flags & SIZES_FOLLOW) !== 0 || sizesAgree(header, entry));
  if (!same) throw refused(path, `${entry.name} is not what its directory says`);
  const gap = entry.offset - at;
  if (gap < 0) throw refused(path, `${entry.name} overlaps another part`);
  if (gap > 0) throw refused(path, `there are ${gap} bytes that belong to none of its parts`);
  if ((flags & ENCRYPTED) !== 0) throw refused(path, `${entry.name} is encrypted`);
  if (entry.method !== 0 && entry.method !== 8)
    throw refused(path, `${entry.name} is packed by a method that is not known (${entry.method})`);
  const end = start + entry.compressedBytes;
  return { start, end: (flags & SIZES_FOLLOW) === 0 ? end : await afterNote(file, end) };
}

function sizesAgree(header: Buffer, { compressedBytes, sizeBytes }: ZipEntry): boolean {
  const [packed, size] = [header.readUInt32LE(18), header.readUInt32LE(22)];
  return (
    (packed === compressedBytes || packed === UNKNOWN_SIZE) &&
    (size === sizeBytes || size === UNKNOWN_SIZE)
  );
}

/** Where the note of sizes behind the data ends: with a signature or without, of 32 or 64 bits. */
async function afterNote(file: FileHandle, from: number): Promise<number> {
  const bytes = Buffer.alloc(DESCRIPTOR_BYTES + SIGNATURE_BYTES);
  await file.read(bytes, 0, bytes.length, from);
  const lengths = bytes.readUInt32LE(0) === NOTE_SIGNATURE ? [16, 24] : [12, 20];
  const next = lengths.find((length) =>
    [LOCAL_SIGNATURE, DIRECTORY_SIGNATURE].includes(bytes.readUInt32LE(length)),
  );
  return from + (next ?? 0);
}

async function expand(
  path: string,
  entry: ZipEntry,
  start: number,
  watch: EntryWatch | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { name, sizeBytes } = entry;
  let bytes = 0;
  let sum = 0;
  try {
    for await (const chunk of contentOf(path, entry, start, signal)) {
      bytes += chunk.length;
      if (bytes > sizeBytes)
        throw refused(path, `${name} declares ${sizeBytes} bytes and expands to more`);
      sum = crc32(chunk, sum);
      const flaw = watch?.(chunk);
      if (flaw !== undefined) throw refused(path, `${name}: ${flaw}`);
    }
  } catch (error) {
    if (signal?.aborted) throw new WranglerError("CANCELED", "", {}, { cause: error });
    throw isWranglerError(error) ? error : refused(path, `${name} cannot be expanded`, error);
  }
  if (bytes !== sizeBytes || sum !== entry.crc32)
    throw refused(path, `${name} is damaged: its content is not what was packed`);
}

/**
 * An entry's content, expanded.
 *
 * @yields {Buffer} the next bytes
 */
async function* contentOf(
  path: string,
  { method, compressedBytes }: ZipEntry,
  start: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  if (compressedBytes === 0) return;
  const options = { start, end: start + compressedBytes - 1, ...(signal ? { signal } : {}) };
  const packed = createReadStream(path, options);
  const content = method === 0 ? packed : packed.pipe(createInflateRaw());
  // A pipe hands on no errors.
  packed.once("error", (error) => content.destroy(error));
  try {
    yield* content;
  } finally {
    content.destroy();
    packed.destroy();
  }
}

function refused(path: string, what: string, cause?: unknown): WranglerError {
  return new WranglerError(
    "INPUT_UNREADABLE",
    `${path} is no sound workbook: ${what}.`,
    { path },
    cause === undefined ? {} : { cause },
  );
}
