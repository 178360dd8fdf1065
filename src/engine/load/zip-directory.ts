import { stat } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import { WranglerError } from "../../core/index.ts";
import { readBytes } from "./plain-file.ts";

/** One file inside a ZIP archive. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  readonly offset: number;
}

/** The directory of an archive. */
export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** Where it begins, behind the last entry. */
  readonly offset: number;
}

const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const END_SIGNATURE = Buffer.from("504b0506", "hex");
const ENTRY_SIGNATURE = 0x02014b50;
const MAX_DIRECTORY_BYTES = 64 << 20;

/**
 * The directory of a ZIP archive: names and declared sizes, read before anything is expanded.
 *
 * @throws {WranglerError} INPUT_UNREADABLE when it has none that can be read.
 */
export async function zipDirectory(path: string): Promise<ZipDirectory> {
  const { size } = await stat(path);
  const tailBytes = Math.min(size, END_BYTES + MAX_COMMENT_BYTES);
  const tail = await readBytes(path, size - tailBytes, tailBytes);
  const end = tail.lastIndexOf(END_SIGNATURE);
  if (end < 0 || end + END_BYTES > tail.length) throw damaged(path, "its directory is missing");
  const length = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  const endAt = size - tailBytes + end;
  if (length > MAX_DIRECTORY_BYTES || offset + length > endAt)
    throw damaged(path, "its directory does not fit the file");
  return { entries: parseDirectory(await readBytes(path, offset, length), path), offset };
}

function parseDirectory(bytes: Buffer, path: string): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= bytes.length;) {
    if (bytes.readUInt32LE(at) !== ENTRY_SIGNATURE) throw damaged(path, "its directory is damaged");
    const nameBytes = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.toString("utf8", at + 46, at + 46 + nameBytes),
      method: bytes.readUInt16LE(at + 10),
      crc32: bytes.readUInt32LE(at + 16),
      compressedBytes: bytes.readUInt32LE(at + 20),
      sizeBytes: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** A small file of the archive, expanded to at most `maxBytes`. */
export async function zipText(path: string, entry: ZipEntry, maxBytes: number): Promise<string> {
  return (await zipBytes(path, entry, maxBytes)).toString("utf8");
}

/** The same as bytes. */
export async function zipBytes(path: string, entry: ZipEntry, maxBytes: number): Promise<Buffer> {
  const header = await readBytes(path, entry.offset, 30);
  if (header.length < 30) throw damaged(path, `${entry.name} is missing`);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (entry.compressedBytes > maxBytes)
    throw damaged(path, `${entry.name} has more than ${maxBytes} bytes`);
  const packed = await readBytes(path, start, entry.compressedBytes);
  if (entry.method === 0) return packed;
  try {
    return inflateRawSync(packed, { maxOutputLength: maxBytes });
  } catch (cause) {
    throw damaged(path, `${entry.name} cannot be expanded`, cause);
  }
}

function damaged(path: string, what: string, cause?: unknown): WranglerError {
  return new WranglerError(
    "INPUT_UNREADABLE",
    `${path} is no sound workbook: ${what}.`,
    { path },
    cause === undefined ? {} : { cause },
  );
}
