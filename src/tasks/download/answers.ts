/** Answers of servers: whether they are good, and what they are about. */
import type { Duplex, Readable } from "node:stream";
import { masked, WranglerError } from "../../core/index.ts";
import type { HttpAnswer } from "../http/index.ts";
import { textOf } from "./bytes-text.ts";
import { failed, invalid } from "./failures.ts";

/** Statuses of the 4xx that mean "not now" rather than "no". */
const NOT_NOW: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Go on with a good answer only.
 *
 * @throws {WranglerError} DOWNLOAD_REFUSED when the server says no; DOWNLOAD_FAILED when it cannot now,
 *   with its Retry-After; DOWNLOAD_INVALID when it answers something else
 */
export function judge(
  { status, headers }: Pick<HttpAnswer, "status" | "headers">,
  good: readonly number[],
  what: string,
): void {
  if (good.includes(status)) return;
  const reason = `${what}: expected HTTP status ${good.join(" or ")}, got ${status}.`;
  if (status >= 500 || NOT_NOW.has(status)) {
    const retryAfter = headers["retry-after"];
    throw failed(reason, { status, ...(retryAfter === undefined ? {} : { retryAfter }) });
  }
  if (status >= 400) throw new WranglerError("DOWNLOAD_REFUSED", reason, { status });
  throw invalid(reason);
}

const PAGES: ReadonlySet<string> = new Set(["text/html", "application/xhtml+xml"]);

/**
 * Whether a media type is one of those that are taken. Without a list, all but web pages are:
 * those are where servers say with a status of 200 that something is wrong.
 *
 * @param type - The Content-Type header.
 * @param name - Of the file: a page may be wanted.
 */
export function isTaken(
  type: string | undefined,
  taken: readonly string[] | undefined,
  name: string,
): boolean {
  const [own = ""] = (type ?? "").split(";");
  const media = own.trim().toLowerCase();
  if (!taken) return !PAGES.has(media) || /\.x?html?$/i.test(name);
  return taken.some((one) => {
    const wanted = one.toLowerCase();
    return wanted.endsWith("/*") ? media.startsWith(wanted.slice(0, -1)) : media === wanted;
  });
}

const SHOWN_CHARACTERS = 200;
/** Enough for that many characters and for what is not shown of a page. */
const SHOWN_BYTES = 4_096;

/** The beginning of a text, for a message; empty when it is no text. */
export function shownText(bytes: Buffer): string {
  const start = bytes.subarray(0, SHOWN_BYTES);
  if (start.some((byte) => byte < 32 && !BLANKS.has(byte))) return "";
  const plain = masked(textOf(start)).replaceAll(/\s+/g, " ").trim();
  return Array.from(plain).slice(0, SHOWN_CHARACTERS).join("");
}

/** Tab, line feed, form feed, carriage return. */
const BLANKS: ReadonlySet<number> = new Set([9, 10, 12, 13]);

/** What is known of a file before its body is read. */
export interface Expected {
  readonly taken: readonly string[] | undefined;
  /** Its name here. */
  readonly file: string;
  readonly what: string;
}

/**
 * Check the media type of an answer.
 *
 * @param decoder - Undoes its compression; used up when the type is wrong.
 * @throws {WranglerError} DOWNLOAD_INVALID, with the beginning of the body when that is text
 */
export async function checkType(
  { headers, body }: Pick<HttpAnswer, "headers" | "body">,
  decoder: Duplex | undefined,
  { taken, file, what }: Expected,
): Promise<void> {
  const type = headers["content-type"];
  if (isTaken(type, taken, file)) return;
  const wanted = taken ? taken.join(" or ") : "a file";
  const got = type === undefined ? "no type" : masked(type.slice(0, 100));
  const said = shownText(await beginningOf(decoder ? body.pipe(decoder) : body));
  throw invalid(`${what}: expected ${wanted}, got ${got}${said === "" ? "." : `: ${said}`}`);
}

async function beginningOf(body: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      pieces.push(Buffer.from(piece));
      bytes += pieces.at(-1)?.length ?? 0;
      if (bytes >= SHOWN_BYTES) break;
    }
  } catch {
    // It is not what was asked for anyway; what came of it is shown.
  }
  return Buffer.concat(pieces);
}
