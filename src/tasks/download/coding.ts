/** Content codings: how a body was compressed on its way. */
import type { Duplex } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { failed } from "./failures.ts";

/** What is asked for. */
export const CODINGS = "gzip, deflate, br";

/**
 * Undoes a coding; undefined when there is none.
 *
 * @throws {WranglerError} DOWNLOAD_FAILED when it was not asked for
 */
export function decoderOf(coding: string | undefined, what: string): Duplex | undefined {
  switch (coding?.trim().toLowerCase() ?? "") {
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      throw failed(`${what}: it came in the coding ${coding}, and ${CODINGS} were asked for.`);
  }
}
