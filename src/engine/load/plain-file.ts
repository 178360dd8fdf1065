/**
 * A text file as plain UTF-8: decompressed, decoded, and the original left as it is.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Decompress } from "fzstd";
import { type Dialect, type ReadOptions, WranglerError } from "../../core/index.ts";
import { encodingBySignature, Utf8Count, wholeCharacters } from "./detect-encoding.ts";
import { fileChunks } from "./file-chunks.ts";
import { BOMS, type Encoding, PlainText } from "./encodings.ts";

/** How much of a file's head is looked at. */
export const SAMPLE_BYTES = 65_536;

export type Compression = Dialect["compression"];

/** Bytes that open a compressed file. */
const MAGIC: readonly (readonly [Compression, string])[] = [
  ["gzip", "1f8b"],
  ["zstd", "28b52ffd"],
];

/** How a file is compressed, by its first bytes. */
export function compressionOf(head: Buffer): Compression {
  const hex = head.subarray(0, 4).toString("hex");
  return MAGIC.find(([, magic]) => hex.startsWith(magic))?.[0] ?? "none";
}

/** Read bytes at an offset of a file. */
export async function readBytes(path: string, offset: number, length: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return buffer.subarray(0, done);
  } finally {
    await file.close();
  }
}

/**
 * Decompress a file to `target`; the SHA-256 of what came out.
 *
 * @throws {WranglerError} INPUT_UNREADABLE when the compressed data is damaged or cut.
 */
export async function decompress(
  path: string,
  compression: "gzip" | "zstd",
  target: string,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash("sha256");
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const expand = compression === "gzip" ? createGunzip() : zstdExpander();
  try {
    const options = signal ? { signal } : {};
    await pipeline(createReadStream(path), expand, count, createWriteStream(target), options);
  } catch (cause) {
    if (signal?.aborted) throw new WranglerError("CANCELED", "", {}, { cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WranglerError(
      "INPUT_UNREADABLE",
      `${path} is ${compression} data that cannot be expanded: ${reason}`,
      { path },
      { cause },
    );
  }
  return hash.digest("hex");
}

function zstdExpander(): Transform {
  const decompressor = new Decompress();
  return new Transform({
    construct(done) {
      decompressor.ondata = (chunk) => this.push(Buffer.from(chunk));
      done();
    },
    transform(chunk: Buffer, _encoding, done) {
      attempt(() => decompressor.push(new Uint8Array(chunk)), done);
    },
    flush(done) {
      attempt(() => decompressor.push(new Uint8Array(0), true), done);
    },
  });
}

function attempt(work: () => void, done: (error?: Error | null) => void): void {
  try {
    work();
    done();
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
  }
}

/** A text file as UTF-8. */
export interface PlainFile {
  readonly path: string;
  readonly encoding: Encoding;
  readonly bom: boolean;
  /** Whether `path` is a copy to be removed. */
  readonly copy: boolean;
  readonly sizeBytes: number;
}

/**
 * Decide a file's encoding and give it as UTF-8: itself where it is, else a copy in `folder`.
 *
 * A file without a byte order mark is decided on its whole content as soon as its samples are not
 * plain UTF-8; `whole` asks for that from the start.
 */
export async function plainFile(
  path: string,
  folder: string,
  read: ReadOptions,
  whole: boolean,
  signal?: AbortSignal,
): Promise<PlainFile> {
  const { size } = await stat(path);
  const head = await readBytes(path, 0, SAMPLE_BYTES);
  const found = encodingBySignature(head);
  const encoding =
    read.encoding ?? found?.encoding ?? (await encodingByContent(path, size, head, whole, signal));
  const bom = found?.bom === true && found.encoding === encoding && BOMS[encoding] !== undefined;
  if (encoding === "utf-8") return { path, encoding, bom, copy: false, sizeBytes: size };
  const target = join(folder, "decoded.staging.txt");
  await transcode(path, encoding, target, signal);
  return { path: target, encoding, bom, copy: true, sizeBytes: (await stat(target)).size };
}

async function encodingByContent(
  path: string,
  size: number,
  head: Buffer,
  whole: boolean,
  signal?: AbortSignal,
): Promise<Encoding> {
  if (!whole) {
    const count = new Utf8Count();
    for (const sample of [head, await middle(path, size), await tail(path, size)])
      count.push(trimmed(sample, sample !== head));
    count.end();
    if (count.invalid === 0) return "utf-8";
  }
  const count = new Utf8Count();
  for await (const chunk of fileChunks(path, signal)) count.push(chunk);
  count.end();
  return count.encoding;
}

function middle(path: string, size: number): Promise<Buffer> {
  const offset = Math.floor(size / 2);
  return readBytes(path, offset, offset > SAMPLE_BYTES ? SAMPLE_BYTES : 0);
}

function tail(path: string, size: number): Promise<Buffer> {
  return readBytes(path, Math.max(0, size - SAMPLE_BYTES), size > SAMPLE_BYTES ? SAMPLE_BYTES : 0);
}

/** A sample without the characters that its ends cut. */
function trimmed(sample: Buffer, fromInside: boolean): Buffer {
  let from = 0;
  if (fromInside) while (from < 3 && ((sample[from] ?? 0) & 0xc0) === 0x80) from++;
  return sample.subarray(from, wholeCharacters(sample));
}

async function transcode(
  path: string,
  encoding: Encoding,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const plain = new PlainText(encoding);
  const convert = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, plain.push(chunk));
    },
    flush(done) {
      done(null, plain.end());
    },
  });
  try {
    const options = signal ? { signal } : {};
    await pipeline(createReadStream(path), convert, createWriteStream(target), options);
  } catch (cause) {
    await rm(target, { force: true });
    throw signal?.aborted ? new WranglerError("CANCELED", "", {}, { cause }) : cause;
  }
  if (!plain.cut) return;
  await rm(target, { force: true });
  throw new WranglerError(
    "INPUT_UNREADABLE",
    `${path} is ${encoding} but has an odd number of bytes.`,
    {
      path,
    },
  );
}
