import { createReadStream } from "node:fs";

/**
 * The bytes of a file, piece by piece.
 *
 * @yields {Buffer} the next bytes
 */
export async function* fileChunks(
  path: string,
  signal?: AbortSignal,
  start = 0,
): AsyncGenerator<Buffer> {
  const options = { start, highWaterMark: CHUNK_BYTES, ...(signal ? { signal } : {}) };
  const stream: AsyncIterable<unknown> = createReadStream(path, options);
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) yield chunk;
}

const CHUNK_BYTES = 1 << 20;
