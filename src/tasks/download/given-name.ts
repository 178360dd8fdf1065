/** The name that a server gives a file. */
import { textOf } from "./bytes-text.ts";

/** `filename*=UTF-8''…` of RFC 8187. */
const EXTENDED = /;\s*filename\*\s*=\s*"?(utf-8|iso-8859-1)'[^']*'([^;"\s]+)/i;
/** `filename="…"` or `filename=…`. */
const PLAIN = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i;

/**
 * The name of a Content-Disposition header; undefined when it gives none. It is as the server wrote
 * it, and so may be anything.
 *
 * @param header - Its bytes, one character each.
 */
export function dispositionName(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, charset = "", encoded] = EXTENDED.exec(`;${header}`) ?? [];
  const extended = encoded === undefined ? undefined : decoded(encoded, charset);
  if (extended !== undefined) return extended;
  const [, quoted, token] = PLAIN.exec(`;${header}`) ?? [];
  const name = quoted?.replaceAll(/\\(.)/g, "$1") ?? token;
  return name === undefined || name === "" ? undefined : textOf(Buffer.from(name, "latin1"));
}

/** The last part of an address' path; empty when it has none. */
export function pathName(url: URL): string {
  const last = url.pathname.split("/").findLast((part) => part !== "") ?? "";
  return decoded(last, "utf-8") ?? last;
}

function decoded(text: string, charset: string): string | undefined {
  const bytes = Buffer.from(
    text.replaceAll(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    ),
    "latin1",
  );
  return charset.toLowerCase() === "utf-8" ? textOf(bytes) : bytes.toString("latin1");
}
