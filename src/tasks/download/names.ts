/** Names of files: those that a source gives are tamed, those that a configuration gives are checked. */
import { fillTemplate, type TemplateTime, WranglerError } from "../../core/index.ts";
import { NAME_PARTS } from "./template-text.ts";

/** Folder below `to` that holds what is remembered of downloads, and files that are not complete. */
export const MEMORY_FOLDER = ".download";

/** Longest name that file systems take, in bytes. */
const MAX_BYTES = 255;
/** Longest name that is taken over from a source: what else a template adds needs room too. */
const MAX_TAKEN_BYTES = 180;

const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;
/** What some system does not take in a name. */
const ILLEGAL = /[<>:"|?*\\/]/g;
/** Control characters, and those that are not seen but turn names around or make them look alike. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A name that a source gives, as one that every system takes and that leads nowhere. */
export function tameName(given: string): string {
  const last = given.split(/[/\\]/).findLast((part) => part.trim() !== "") ?? "";
  const plain = last
    .normalize("NFC")
    .replaceAll(INVISIBLE, "")
    .replaceAll(ILLEGAL, "_")
    .trim()
    .replace(/^\.+/, "_")
    .replace(/[. ]+$/, "");
  if (/^_*$/.test(plain)) return "download";
  return shortened(RESERVED.test(plain) ? `_${plain}` : plain);
}

/** The beginning and the extension stay. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_TAKEN_BYTES) return name;
  const { stem, ext } = partsOf(name);
  const end = Buffer.byteLength(ext) <= 20 ? ext : "";
  let start = end === "" ? name : stem;
  while (Buffer.byteLength(start + end) > MAX_TAKEN_BYTES) {
    start = Array.from(start).slice(0, -1).join("");
  }
  return `${start.trimEnd()}${end}`;
}

function partsOf(name: string): { readonly stem: string; readonly ext: string } {
  // "orders.csv.gz" is a CSV file in a wrapper.
  const ext =
    /(?:\.[A-Za-z0-9]{1,10})?\.(?:gz|zst|bz2)$|\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? "";
  return ext === name
    ? { stem: name, ext: "" }
    : { stem: name.slice(0, name.length - ext.length), ext };
}

/**
 * A path below the folder of a download, from its template.
 *
 * @param given - Name that the source gives, tame.
 * @throws {WranglerError} PATH_OUTSIDE when it leads out of the folder, or to a name that not every
 *   system takes
 */
export function filledName(template: string, given: string, time: TemplateTime): string {
  const parts: Readonly<Record<string, string>> = { name: given, ...partsOf(given) };
  const filled: string[] = [];
  // Names may have braces in them: they are put in once the times are.
  const marked = template.replaceAll(NAME_PARTS, (whole, part: string | undefined) => {
    if (part === undefined) return whole;
    filled.push(parts[part] ?? "");
    return "\0";
  });
  if (template.includes("\0")) throw outside(template, "it holds a NUL");
  const path = fillTemplate(marked, time).replaceAll("\0", () => filled.shift() ?? "");
  return checkedPath(path);
}

/** A relative path all of whose parts are plain names; else PATH_OUTSIDE. */
export function checkedPath(given: string): string {
  const path = given.normalize("NFC");
  const segments = path.split("/");
  for (const segment of segments) {
    const flaw = flawOfSegment(segment);
    if (flaw !== undefined) throw outside(path, flaw);
  }
  if (segments[0]?.toLowerCase() === MEMORY_FOLDER) {
    throw outside(path, `${MEMORY_FOLDER} is the folder of what is not complete`);
  }
  return path;
}

function flawOfSegment(segment: string): string | undefined {
  if (segment === "") return "a part of it is empty, or it is absolute";
  if (segment === "." || segment === "..") return `it holds ${segment}`;
  if (segment.search(INVISIBLE) >= 0) return "it holds characters that cannot be seen";
  const [illegal] = segment.match(ILLEGAL) ?? [];
  if (illegal !== undefined) return `it holds ${illegal}`;
  if (/^\s|[. ]$/.test(segment))
    return "a part of it begins with a space, or ends with one or a dot";
  if (RESERVED.test(segment)) return `${segment} is a device on Windows`;
  if (Buffer.byteLength(segment) > MAX_BYTES)
    return `a part of it is longer than ${MAX_BYTES} bytes`;
  return undefined;
}

function outside(path: string, flaw: string): WranglerError {
  const shown = JSON.stringify(path.slice(0, 200));
  return new WranglerError("PATH_OUTSIDE", `${shown}: ${flaw}.`, { path: path.slice(0, 200) });
}
