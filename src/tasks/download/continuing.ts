/** Resuming: what a part is asked on with, and whether what comes continues it. */
import type { HttpAnswer } from "../http/index.ts";
import type { Part } from "./memory.ts";

type Headers = HttpAnswer["headers"];

/**
 * What the rest of an answer's body can be asked for with: an ETag that changes with every byte, or
 * a date that no later change can share. Undefined when it has neither.
 */
export function validatorOf(headers: Headers): string | undefined {
  if (headers["accept-ranges"]?.trim().toLowerCase() === "none") return undefined;
  const { etag, "last-modified": modified, date } = headers;
  if (etag !== undefined) return isStrong(etag) ? etag : undefined;
  if (modified === undefined || date === undefined) return undefined;
  // A file may change twice within the second that its date stands for.
  return Date.parse(date) - Date.parse(modified) >= 1_000 ? modified : undefined;
}

function isStrong(etag: string): boolean {
  return etag.startsWith('"');
}

/** Headers that ask for the rest of a part; of what has changed meanwhile all is sent. */
export function restHeaders({ bytes, validator }: Part): Record<string, string> {
  // A compressed body has other bytes than the part.
  return { range: `bytes=${bytes}-`, "if-range": validator, "accept-encoding": "identity" };
}

type Answer = Pick<HttpAnswer, "status" | "headers">;

/** Whether an answer says that there is no such rest, or gives another one than was asked for. */
export function isMisfit(answer: Answer, part: Part): boolean {
  return answer.status === 416 || (answer.status === 206 && !continues(answer.headers, part));
}

/** Whether what comes goes on where the part ends, in the same version of the file. */
function continues(headers: Headers, { bytes, totalBytes, validator }: Part): boolean {
  const range = rangeOf(headers);
  if (range?.start !== bytes || !["", "identity"].includes(headers["content-encoding"] ?? "")) {
    return false;
  }
  const { total = range.end + 1 } = range;
  // Less than the rest: the file would end too early.
  if (range.end + 1 !== total || total !== (totalBytes ?? total)) return false;
  const own = isStrong(validator) ? headers["etag"] : headers["last-modified"];
  return own === undefined || own === validator;
}

/**
 * Length of an answer's body as it comes; undefined when it was not told.
 *
 * @param isRest - Whether the answer continues a part.
 */
export function lengthOf(headers: Headers, isRest: boolean): number | undefined {
  const range = isRest ? rangeOf(headers) : undefined;
  if (range) return range.end + 1 - range.start;
  const text = headers["content-length"];
  if (text === undefined || headers["transfer-encoding"] !== undefined) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

const CONTENT_RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(?:(\d{1,15})|\*)$/i;

interface Range {
  readonly start: number;
  /** Of the last byte. */
  readonly end: number;
  readonly total: number | undefined;
}

function rangeOf(headers: Headers): Range | undefined {
  const [whole, start, end, total] =
    CONTENT_RANGE.exec(headers["content-range"]?.trim() ?? "") ?? [];
  if (whole === undefined) return undefined;
  return {
    start: Number(start),
    end: Number(end),
    total: total === undefined ? undefined : Number(total),
  };
}
