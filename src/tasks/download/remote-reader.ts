/** Reading a file of an SFTP server. */
import { Readable } from "node:stream";
import type { Remote } from "./remote.ts";

/** What every server gives at once, with room for what is around it in a packet. */
const PIECE_BYTES = 30 * 1024;
/** Pieces that are asked for before the first has come: else each would cost the way there and back. */
const AHEAD = 32;

/** The bytes of a file from one place up to another. It ends earlier when the file does. */
export function remoteReader(remote: Remote, path: string, start: number, end: number): Readable {
  return Readable.from(piecesOf(remote, path, start, end), { objectMode: false });
}

async function* piecesOf(
  remote: Remote,
  path: string,
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  const handle = await remote.open(path);
  try {
    const coming: Promise<Buffer>[] = [];
    for (let at = start; at < end || coming.length > 0;) {
      while (at < end && coming.length < AHEAD) {
        const bytes = Math.min(PIECE_BYTES, end - at);
        const piece = readPiece(remote, handle, at, bytes);
        // The first one that fails is told; those behind it fail with it.
        piece.catch(() => {});
        coming.push(piece);
        at += bytes;
      }
      const piece = await coming.shift();
      if (piece === undefined || piece.length === 0) return;
      yield piece;
    }
  } finally {
    // On a connection that is gone there is nothing to close.
    await remote.close(handle).catch(() => undefined);
  }
}

/** A piece, whole unless the file ends in it: servers may give less than is asked for. */
async function readPiece(
  remote: Remote,
  handle: Buffer,
  at: number,
  bytes: number,
): Promise<Buffer> {
  const piece = Buffer.alloc(bytes);
  let done = 0;
  while (done < bytes) {
    const read = await remote.read(handle, piece, done, at + done);
    if (read === 0) break;
    done += read;
  }
  return piece.subarray(0, done);
}
