/** Names that become folders: of accounts and datasets. */
import { basename, dirname } from "node:path";

/** Longest name of an account or dataset. */
const MAX_LENGTH = 64;

/** Names that Windows keeps for devices, with or without an extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Endings that say how a file is written and nothing about what it holds. */
const FORMAT_ENDINGS = /(\.(csv|tsv|txt|json|jsonl|ndjson|parquet|xlsx|gz|zst))+$/i;

/** Characters with a meaning in a glob pattern. */
const WILDCARD = /[*?[\]{}!()]/;

/** What is wrong with a name as a folder's name on any system; nothing when it is safe. */
export function flawOfName(name: string): string | undefined {
  if (!/^[A-Za-z0-9]/.test(name)) return "expected a letter or digit first";
  const strange = /[^A-Za-z0-9._-]/.exec(name)?.[0];
  if (strange !== undefined) {
    return `expected only letters, digits, ".", "_" and "-", not ${JSON.stringify(strange)}`;
  }
  if (name.length > MAX_LENGTH) return `expected at most ${MAX_LENGTH} characters`;
  if (name.endsWith(".")) return "expected no dot at the end";
  if (RESERVED.test(name)) return "expected another name: Windows keeps this one for a device";
  return undefined;
}

/**
 * A dataset's name from its file: `data/Orders 2024.csv.gz` is `Orders-2024`. Of a glob pattern only
 * what stands for every file counts: `orders-*.csv` is `orders`, `orders/*.csv` too.
 */
export function nameOfPath(path: string): string {
  const stem = basename(path).replace(FORMAT_ENDINGS, "");
  const name = safe(WILDCARD.test(stem) ? stem.split(WILDCARD)[0]! : stem);
  if (name !== "") return name;
  const parent = dirname(path);
  return parent === path || parent === "." ? "data" : nameOfPath(parent);
}

/** `name`, or `name-2`, `name-3` … : the first one that is not taken, ignoring letter case. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const ending = n === 1 ? "" : `-${n}`;
    const candidate = name.slice(0, MAX_LENGTH - ending.length) + ending;
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}

function safe(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, MAX_LENGTH)
    .replace(/[^A-Za-z0-9]+$/, "");
  return RESERVED.test(plain) ? `data-${plain}` : plain;
}
