import { type Column, type Dialect, identifier, literal, type Sql } from "../../core/index.ts";
import { BOMS, encodeText } from "../load/encodings.ts";
import { type Layout, type Quoting, renderRecord } from "../load/rendering.ts";
import { writeChunks } from "./output-file.ts";
import { lineChunks, type Pages, rowPages, textPages } from "./row-pages.ts";

/** Above this many columns the lines are put together here and not by the engine. */
const MAX_ENGINE_COLUMNS = 200;

/** A character that the file's encoding has no place for. */
class Unencodable extends Error {}

/**
 * Write a staged table as delimited text in a layout. When the layout's encoding has no place for
 * a character, the file becomes UTF-8 with a byte order mark: better another encoding than a lost letter.
 */
export async function writeText(
  aside: string,
  pages: Pages,
  columns: readonly Column[],
  layout: Layout,
): Promise<void> {
  const { dialect } = layout;
  const write = (wanted: Layout) =>
    writeChunks(aside, encoded(aside, pages, columns, wanted), dialect.compression, pages.signal);
  try {
    await write(layout);
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    await write({ ...layout, dialect: { ...dialect, encoding: "utf-8", bom: true } });
  }
}

async function* encoded(
  aside: string,
  pages: Pages,
  columns: readonly Column[],
  layout: Layout,
): AsyncGenerator<Uint8Array> {
  const { encoding, bom, newline, header, finalNewline } = layout.dialect;
  const encode = (text: string): Buffer => {
    const bytes = encodeText(text, encoding);
    if (!bytes) throw new Unencodable();
    return bytes;
  };
  const mark = bom ? BOMS[encoding] : undefined;
  if (mark) yield mark;
  const labels = columns.map(({ label }) => label);
  if (header) yield encode(renderRecord(labels, layout));
  yield* isEngineText(columns, layout)
    ? withoutLast(
        engineLines(aside, pages, columns, layout),
        Buffer.from(header ? newline : ""),
        newline.length,
      )
    : encodedPages(pages, columns, layout, encode);
  if (finalNewline && (header || pages.lastRow > 0)) yield encode(newline);
}

async function* encodedPages(
  pages: Pages,
  columns: readonly Column[],
  layout: Layout,
  encode: (text: string) => Buffer,
): AsyncGenerator<Buffer> {
  const { newline, header } = layout.dialect;
  let begun = header;
  for await (const page of pagesOf(pages, columns, layout)) {
    yield encode(begun ? newline + page : page);
    begun = true;
  }
}

/** Whether the engine can write the lines to a file: in UTF-8, each ended by a line feed. */
function isEngineText(columns: readonly Column[], { dialect }: Layout): boolean {
  const { encoding, newline } = dialect;
  return columns.length <= MAX_ENGINE_COLUMNS && encoding === "utf-8" && newline !== "\r";
}

function engineLines(
  aside: string,
  pages: Pages,
  columns: readonly Column[],
  layout: Layout,
): AsyncGenerator<Buffer> {
  const line = lineOf(columns, layout);
  const whole = layout.dialect.newline === "\n" ? line : `${line} || chr(13)`;
  return lineChunks(pages, whole, `${aside}.lines`);
}

/**
 * `first`, then the chunks, but for as many bytes at their end: the last line end, wanted or not.
 *
 * @yields {Buffer} the next bytes
 */
async function* withoutLast(
  chunks: AsyncIterable<Buffer>,
  first: Buffer,
  bytes: number,
): AsyncGenerator<Buffer> {
  let held = first;
  for await (const chunk of chunks) {
    const text = Buffer.concat([held, chunk]);
    const cut = Math.max(0, text.length - bytes);
    held = text.subarray(cut);
    yield text.subarray(0, cut);
  }
}

function pagesOf(pages: Pages, columns: readonly Column[], layout: Layout): AsyncGenerator<string> {
  if (columns.length > MAX_ENGINE_COLUMNS) return renderedPages(pages, columns, layout);
  return textPages(pages, lineOf(columns, layout), layout.dialect.newline);
}

async function* renderedPages(
  pages: Pages,
  columns: readonly Column[],
  layout: Layout,
): AsyncGenerator<string> {
  const names = columns.map(({ name }) => name);
  for await (const rows of rowPages(pages, names))
    yield rows.map(({ values }) => renderRecord(values, layout)).join(layout.dialect.newline);
}

/** The same as `renderRecord`, as SQL. */
function lineOf(columns: readonly Column[], { dialect, quoting }: Layout): Sql {
  const cells = columns.map(({ name }, index) =>
    cellOf(identifier(name), dialect, quoting[index] ?? "minimal", columns.length === 1),
  );
  return `concat_ws(${[literal(dialect.delimiter), ...cells].join(", ")})`;
}

function cellOf(cell: Sql, dialect: Dialect, rule: Quoting, alone: boolean): Sql {
  const { delimiter, quote, escape } = dialect;
  if (quote === "") return `coalesce(${cell}, '')`;
  const doubled = escape === quote || escape === "";
  const escaped = doubled
    ? `replace(${cell}, ${literal(quote)}, ${literal(quote + quote)})`
    : `replace(replace(${cell}, ${literal(escape)}, ${literal(escape + escape)}), ${literal(quote)}, ${literal(escape + quote)})`;
  const inQuotes = `${literal(quote)} || ${escaped} || ${literal(quote)}`;
  const empty = literal(rule === "all" || alone ? quote + quote : "");
  if (rule !== "minimal")
    return `CASE WHEN coalesce(${cell}, '') = '' THEN ${empty} ELSE ${inQuotes} END`;
  const marks = [literal(delimiter.trim() || delimiter), literal(quote), "chr(10)", "chr(13)"];
  const needs = marks.map((mark) => `contains(${cell}, ${mark})`).join(" OR ");
  return `CASE WHEN coalesce(${cell}, '') = '' THEN ${empty} WHEN ${needs} THEN ${inQuotes} ELSE ${cell} END`;
}
