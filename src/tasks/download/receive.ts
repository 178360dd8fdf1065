/** Bytes from a source into a file that has no name yet. */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { discard } from "../../core/index.ts";
import { failed, invalid } from "./failures.ts";
import type { Memory, Part } from "./memory.ts";

/** What comes in, and what is known of it. */
export interface Incoming {
  readonly body: Readable;
  /** The source, as it may be shown. */
  readonly what: string;
  /** Bytes of the file that are there already. */
  readonly startAt: number;
  /** Length of the body as it comes, if it was told. */
  readonly length: number | undefined;
  /** Undoes the compression of the body. */
  readonly decoder: Duplex | undefined;
  /** What is remembered for the rest should it break off; undefined: then it begins anew. */
  readonly resume: Omit<Part, "bytes"> | undefined;
}

export interface Limits {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** A file that is complete and on the disk, and has no name yet. */
export interface Whole {
  readonly bytes: number;
  readonly sha256: string;
  readonly modifiedMs: number;
}

/** How often what came is made durable and noted: what came since is fetched again after a crash. */
const NOTED_EVERY_BYTES = 16 * 1024 * 1024;

/**
 * Write what comes in to the part of a memory, hashing it on its way.
 *
 * When it breaks off and the rest can be asked for, what came is kept and noted; only bytes that are
 * on the disk for good are counted on, so that a power cut cannot put holes into a file.
 *
 * @throws {WranglerError} DOWNLOAD_FAILED when it ends too early, DOWNLOAD_INVALID when it is too big;
 *   what the body or the disk failed with
 */
export async function receive(incoming: Incoming, memory: Memory, limits: Limits): Promise<Whole> {
  const { startAt, resume, body } = incoming;
  // It may break off before it is read; reading it then tells.
  body.on("error", () => {});
  if (startAt === 0) await memory.keepPart(null);
  const file = await open(memory.partPath, startAt > 0 ? "r+" : "w");
  const writer = new PartWriter(file, incoming, memory, limits);
  try {
    await writer.writeAll();
    await file.sync();
    const { size, mtimeMs: modifiedMs } = await file.stat();
    if (size !== writer.bytes) {
      writer.isSound = false;
      throw failed(`${incoming.what}: something else writes to ${memory.partPath}.`);
    }
    return { bytes: size, sha256: writer.sha256(), modifiedMs };
  } catch (error) {
    body.destroy();
    const isKept = resume && writer.isSound && writer.bytes > 0;
    // What went wrong first is what is told; what cannot be noted is fetched again.
    await (isKept ? writer.note() : forget(memory)).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/** Nothing of the part is of use any more. */
export async function forget(memory: Memory): Promise<void> {
  await memory.keepPart(null);
  await discard(memory.partPath);
}

class PartWriter {
  /** Of the file, so far. */
  bytes: number;
  /** Whether what was written is the beginning of the file, as far as can be told. */
  isSound = true;
  readonly #file: FileHandle;
  readonly #incoming: Incoming;
  readonly #memory: Memory;
  readonly #limits: Limits;
  readonly #hash: Hash = createHash("sha256");
  #received = 0;
  #noted: number;

  constructor(file: FileHandle, incoming: Incoming, memory: Memory, limits: Limits) {
    this.#file = file;
    this.#incoming = incoming;
    this.#memory = memory;
    this.#limits = limits;
    this.bytes = incoming.startAt;
    this.#noted = incoming.startAt;
  }

  sha256(): string {
    return this.#hash.digest("hex");
  }

  async writeAll(): Promise<void> {
    const { body, startAt, decoder, length, what } = this.#incoming;
    await this.#file.truncate(startAt);
    await this.#hashBeginning();
    const counted = (chunks: AsyncIterable<Buffer>) => this.#counted(chunks);
    const written = (chunks: AsyncIterable<Buffer>) => this.#written(chunks);
    const { signal } = this.#limits;
    await (decoder
      ? pipeline(body, counted, decoder, written, { signal })
      : pipeline(body, counted, written, { signal }));
    if (length !== undefined && this.#received !== length) {
      throw failed(`${what}: ${length} bytes were announced, ${this.#received} came.`);
    }
  }

  /** What is there already belongs to the hash. */
  async #hashBeginning(): Promise<void> {
    const { startAt } = this.#incoming;
    if (startAt === 0) return;
    const chunks: AsyncIterable<Buffer> = createReadStream(this.#memory.partPath, {
      end: startAt - 1,
      signal: this.#limits.signal,
    });
    for await (const chunk of chunks) this.#hash.update(chunk);
  }

  // As it comes, compressed or not.
  async *#counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#received += chunk.length;
      this.#checkSize(this.#incoming.startAt + this.#received);
      yield chunk;
    }
  }

  async #written(chunks: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of chunks) {
      this.#checkSize(this.bytes + chunk.length);
      await this.#write(chunk);
      this.#hash.update(chunk);
      this.bytes += chunk.length;
      if (this.bytes - this.#noted >= NOTED_EVERY_BYTES) await this.note();
    }
  }

  async #write(chunk: Buffer): Promise<void> {
    try {
      for (let done = 0; done < chunk.length;) {
        const rest = chunk.length - done;
        const { bytesWritten } = await this.#file.write(chunk, done, rest, this.bytes + done);
        done += bytesWritten;
      }
    } catch (error) {
      // Most likely the disk is full: what is kept would keep it so.
      this.isSound = false;
      throw error;
    }
  }

  /** Have what came survive whatever comes. */
  async note(): Promise<void> {
    const { resume } = this.#incoming;
    if (!resume || this.bytes === this.#noted) return;
    await this.#file.datasync();
    this.#noted = this.bytes;
    await this.#memory.keepPart({ ...resume, bytes: this.bytes });
  }

  #checkSize(bytes: number): void {
    if (bytes <= this.#limits.maxBytes) return;
    this.isSound = false;
    throw tooBig(this.#incoming.what, this.#limits.maxBytes);
  }
}

export function tooBig(what: string, maxBytes: number): Error {
  return invalid(`${what}: it is larger than maxSize, ${maxBytes} bytes.`);
}
