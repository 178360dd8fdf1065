import { createWriteStream } from "node:fs";
import { Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Dialect, WranglerError } from "../../core/index.ts";

/** Write chunks to a file, compressed as asked. */
export async function writeChunks(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  compression: Dialect["compression"],
  signal?: AbortSignal,
): Promise<void> {
  const options = signal ? { signal } : {};
  const file = createWriteStream(path);
  try {
    if (compression === "gzip") await pipeline(chunks, createGzip(), file, options);
    else if (compression === "zstd") await pipeline(chunks, new ZstdFrame(), file, options);
    else await pipeline(chunks, file, options);
  } catch (error) {
    if (signal?.aborted) throw new WranglerError("CANCELED", "", {}, { cause: error });
    throw error;
  }
}

/** Largest block of a Zstandard frame, RFC 8878 section 3.1.1.2.4. */
const MAX_BLOCK_BYTES = 128 * 1024;

/**
 * A Zstandard frame of stored blocks (RFC 8878): every reader takes it, nothing is made smaller.
 * Node gained a compressor of its own after the oldest version that is supported here.
 */
class ZstdFrame extends Transform {
  #begun = false;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#begin();
    for (let at = 0; at < chunk.length; at += MAX_BLOCK_BYTES)
      this.#block(chunk.subarray(at, at + MAX_BLOCK_BYTES), false);
    done();
  }

  override _flush(done: TransformCallback): void {
    this.#begin();
    this.#block(Buffer.alloc(0), true);
    done();
  }

  /** Magic number, a descriptor without content size or checksum, and a window of 128 KiB. */
  #begin(): void {
    if (!this.#begun) this.push(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]));
    this.#begun = true;
  }

  #block(bytes: Buffer, last: boolean): void {
    const header = Buffer.alloc(3);
    header.writeUIntLE((bytes.length << 3) | (last ? 1 : 0), 0, 3);
    this.push(header);
    if (bytes.length > 0) this.push(bytes);
  }
}
