/** What goes wrong with a download, told in its own codes. */
import {
  errorClassOf,
  ERRORS,
  isWranglerError,
  unwritable,
  WranglerError,
} from "../../core/index.ts";

/** A source that is out of order now and may not be later. */
export function failed(reason: string, details = {}, options?: ErrorOptions): WranglerError {
  return new WranglerError("DOWNLOAD_FAILED", reason, details, options);
}

/** What came is not what was asked for. */
export function invalid(reason: string): WranglerError {
  return new WranglerError("DOWNLOAD_INVALID", reason);
}

/**
 * Any error as one that a task may end with.
 *
 * @param what - The source, as it may be shown.
 * @param path - The file that was written.
 */
export function downloadError(error: unknown, what: string, path: string): unknown {
  if (isWranglerError(error)) {
    if (error.code !== "NETWORK_FAILED") return error;
    const reason = error.message.slice(ERRORS[error.code].meaning.length + 1);
    return failed(reason, error.details, { cause: error });
  }
  const ours = unwritable(error, path);
  if (ours !== error) return ours;
  if (!(error instanceof Error) || !isOfSource(error)) return error;
  return failed(`${what}: ${error.message || error.name}`, {}, { cause: error });
}

/** Codes of what undoes a compression, of a stream that ended too early, of an answer that is none. */
const BROKEN = /^(?:Z_|ERR__|ERR_BROTLI|ERR_STREAM_PREMATURE_CLOSE|HPE_)/;

/** Errors of the way and of time limits, rather than mistakes of ours. */
function isOfSource(error: Error): boolean {
  const kind = errorClassOf(error);
  if (kind === "NetworkError" || kind === "TimeoutError") return true;
  return "code" in error && BROKEN.test(String(error.code));
}
