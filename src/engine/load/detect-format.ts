import { extname } from "node:path";
import type { InputFormat } from "../../core/index.ts";

const ZIP = "504b0304";
const PARQUET = "50415231";

/**
 * The format of a file by its first bytes and then by its name; text that is no JSON is CSV.
 *
 * `head` is the content after decompression.
 */
export function detectFormat(path: string, head: Buffer): InputFormat {
  const magic = head.subarray(0, 4).toString("hex");
  if (magic === PARQUET) return "parquet";
  if (magic === ZIP) return "xlsx";
  const name = path.toLowerCase().replace(/\.(gz|gzip|zst|zstd)$/, "");
  const text = jsonStart(head);
  if (text.startsWith("[")) return looksLikeArray(text) ? "json" : "csv";
  if (text.startsWith("{")) return looksLikeObject(text) ? byName(name, text) : "csv";
  return "csv";
}

function jsonStart(head: Buffer): string {
  return head
    .toString("utf8", 0, 4096)
    .replace(/^\uFEFF/, "")
    .trimStart();
}

function looksLikeArray(text: string): boolean {
  return /^\[\s*(\{|\]|\[|"|-?\d|true|false|null)/.test(text);
}

function looksLikeObject(text: string): boolean {
  return /^\{\s*("|\})/.test(text);
}

/** One object may be a line of NDJSON or a document that wraps its rows. */
function byName(name: string, text: string): InputFormat {
  if (/\.(ndjson|jsonl)$/.test(name)) return "ndjson";
  if (extname(name) === ".json" && /^\{\s*\n/.test(text)) return "json";
  return "ndjson";
}
