/**
 * The fast reading of a text file: the engine's own reader, believed only where our scan agrees.
 *
 * @module
 */
import { isUtf8 } from "node:buffer";
import { createHash, type Hash } from "node:crypto";
import { z } from "zod";
import { identifier, isWranglerError, literal, ROW, WranglerError } from "../../core/index.ts";
import { ByteScan, type Scan } from "./byte-scan.ts";
import { nameColumns } from "./column-names.ts";
import { wholeCharacters } from "./detect-encoding.ts";
import { fileChunks } from "./file-chunks.ts";
import type { PartRequest } from "./part.ts";
import type { PlainFile } from "./plain-file.ts";
import type { TextHead } from "./text-head.ts";

/** Records longer than the engine's default line limit go the careful way. */
const FAST_RECORD_BYTES = 2_000_000;
/** A quoted cell over more lines may be one that lost its closing quote: looked at closely. */
const FAST_INNER_LINES = 20;

/** What both readings of a file gave. */
export interface ScanResult {
  readonly scan: Scan;
  /** Rows that the engine staged, undefined when it did not read the file to its end. */
  readonly engineRows: number | undefined;
  readonly sha256: string;
  readonly utf8: boolean;
}

/** Our scan and the engine's reading at the same time; the engine is stopped when the scan finds something odd. */
export async function scanAndCopy(
  request: PartRequest,
  plain: PlainFile,
  head: TextHead,
): Promise<ScanResult> {
  const stop = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal;
  const copying = head.fast ? copyFast(request, plain, head, signal) : undefined;
  // The scan may throw first; the engine's failure is then nobody's to handle.
  copying?.catch(() => {});
  const hash = createHash("sha256");
  const scanner = new ByteScan(head.delimiterByte, head.quoteByte, head.width);
  try {
    const utf8 = await scanFile(plain.path, head.dataAt, scanner, hash, request.signal, (odd) => {
      if (odd) stop.abort();
    });
    const scan = scanner.end();
    if (!utf8 || !isPlain(scan, head)) stop.abort();
    const engineRows = await copying?.catch((error: unknown) => {
      if (request.signal?.aborted) throw error;
      const refused = isWranglerError(error) && error.code === "ENGINE_QUERY_FAILED";
      if (stop.signal.aborted || refused) return undefined;
      throw error;
    });
    return { scan, engineRows, sha256: hash.digest("hex"), utf8 };
  } catch (error) {
    stop.abort();
    await copying?.catch(() => {});
    throw request.signal?.aborted ? new WranglerError("CANCELED", "", {}, { cause: error }) : error;
  }
}

async function scanFile(
  path: string,
  dataAt: number,
  scanner: ByteScan,
  hash: Hash,
  signal: AbortSignal | undefined,
  note: (odd: boolean) => void,
): Promise<boolean> {
  let offset = 0;
  let utf8 = true;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of fileChunks(path, signal)) {
    hash.update(chunk);
    if (utf8) {
      const text = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      const whole = wholeCharacters(text);
      utf8 = isUtf8(text.subarray(0, whole));
      rest = text.subarray(whole);
    }
    if (offset + chunk.length > dataAt) scanner.push(chunk.subarray(Math.max(0, dataAt - offset)));
    offset += chunk.length;
    note(!utf8 || scanner.odd);
  }
  return utf8 && isUtf8(rest);
}

/** Whether the fast reading can be trusted, on our own evidence. */
export function isPlain(scan: Scan, head: TextHead): boolean {
  const { lf, crlf, cr } = scan.newlines;
  const kinds = [lf, crlf, cr].filter((count) => count > 0).length;
  return (
    head.fast &&
    scan.ragged === 0 &&
    scan.strayQuotes === 0 &&
    kinds <= 1 &&
    scan.blankLines === scan.lastBlankLines &&
    scan.longestRecord < FAST_RECORD_BYTES &&
    scan.mostInnerLines <= FAST_INNER_LINES &&
    scan.records > 0
  );
}

const FastAnswer = z.object({ rows: z.number(), rejected: z.number() });

/** The engine's own reading, strict; undefined when it set anything aside. */
async function copyFast(
  { ask, stagedPath, firstRow }: PartRequest,
  plain: PlainFile,
  head: TextHead,
  signal: AbortSignal,
): Promise<number | undefined> {
  const columns = nameColumns(head.labels)
    .map(({ name }) => `${literal(name)}: 'VARCHAR'`)
    .join(", ");
  const { delimiter, quote } = head.dialect;
  const source = `read_csv(${literal(plain.path)}, auto_detect = false, header = false,
    skip = ${head.lines}, delim = ${literal(delimiter)}, quote = ${literal(quote)},
    escape = ${literal(quote)}, columns = {${columns}}, compression = 'none', store_rejects = true)`;
  const number = `CAST(row_number() OVER () + ${firstRow - 1} AS BIGINT) AS ${identifier(ROW)}`;
  const copy = `COPY (SELECT ${number}, * FROM ${source}) TO ${literal(stagedPath)} (FORMAT parquet)`;
  const sql = `SELECT (SELECT count(*) FROM read_parquet(${literal(stagedPath)})) AS "rows",
    (SELECT count(*) FROM reject_errors) AS "rejected"`;
  const [answer] = await ask({ setup: [copy], sql, row: FastAnswer }, signal);
  return answer?.rejected === 0 ? answer.rows : undefined;
}
