import type { EntryWatch } from "./zip-audit.ts";

/** What Excel itself can hold. */
const MAX_CELLS_IN_ROW = 16_384;
const MAX_ROWS = 1_048_576;
/** Distinct texts of a workbook; all are held in memory while a sheet is read. */
const MAX_TEXTS = 4_000_000;
/** Between two rows, cells or texts. A cell's longest text and formula take a quarter of this. */
const MAX_RUN_BYTES = 4 << 20;

const LESS = 0x3c;
const GREATER = 0x3e;
const BANG = 0x21;
const COLON = 0x3a;
const SLASH = 0x2f;
const QUOTES = new Set([0x22, 0x27]);
/** A name is known by its first letters; what is longer than this is none of those looked for. */
const NAME_BYTES = 3;

/**
 * Watches over what a reader of a sheet, or of the shared texts, has to hold at once: a row, a cell,
 * the texts. A few kilobytes of archive can be one row of a hundred million cells.
 *
 * It follows tags and quotes byte by byte. Comments, sections of raw characters and tags within tags,
 * which no program writes into a sheet, are refused: rows that stand in them are none to a reader.
 */
export function sheetShape(): EntryWatch {
  const shape = new Shape();
  return (chunk) => shape.push(chunk);
}

class Shape {
  #rows = 0;
  #cells = 0;
  #texts = 0;
  /** Bytes since the last row, cell or text. */
  #run = 0;
  #inTag = false;
  #quote = 0;
  /** First letters of the tag's name, without its prefix; undefined when it is past. */
  #name: string | undefined;

  push(chunk: Buffer): string | undefined {
    this.#run += chunk.length;
    for (let i = 0; i < chunk.length; i++) {
      if (!this.#inTag) {
        i = chunk.indexOf(LESS, i);
        if (i < 0) break;
        this.#inTag = true;
        this.#name = "";
        continue;
      }
      const flaw = this.#step(chunk[i] ?? 0, chunk.length - i);
      if (flaw !== undefined) return flaw;
    }
    return this.#run > MAX_RUN_BYTES
      ? `more than ${MAX_RUN_BYTES} bytes without a row, cell or text`
      : undefined;
  }

  /** One byte of a tag; `left` bytes of the chunk begin with it. */
  #step(byte: number, left: number): string | undefined {
    if (byte === LESS) return "a tag within a tag";
    if (this.#quote !== 0) {
      if (byte === this.#quote) this.#quote = 0;
      return undefined;
    }
    if (this.#name !== undefined) return this.#spell(byte, left);
    if (byte === GREATER) this.#inTag = false;
    else if (QUOTES.has(byte)) this.#quote = byte;
    return undefined;
  }

  #spell(byte: number, left: number): string | undefined {
    const name = this.#name ?? "";
    if (name === "" && byte === BANG) return "a comment or a section of raw characters";
    if (byte === COLON) this.#name = name.startsWith("/") ? "/" : "";
    else if (!endsName(byte, name)) this.#name = longer(name, byte);
    else {
      this.#name = undefined;
      if (byte === GREATER) this.#inTag = false;
      return this.#count(name, left);
    }
    return undefined;
  }

  #count(name: string, left: number): string | undefined {
    if (name !== "row" && name !== "c" && name !== "si") return undefined;
    this.#run = left;
    if (name === "row") {
      this.#cells = 0;
      return ++this.#rows > MAX_ROWS ? `more than ${MAX_ROWS} rows` : undefined;
    }
    if (name === "c") {
      const many = ++this.#cells > MAX_CELLS_IN_ROW;
      return many ? `more than ${MAX_CELLS_IN_ROW} cells in a row` : undefined;
    }
    return ++this.#texts > MAX_TEXTS ? `more than ${MAX_TEXTS} texts` : undefined;
  }
}

/** The slash of a closing tag is part of its name, which is then none of those looked for. */
function endsName(byte: number, name: string): boolean {
  return byte === GREATER || byte <= 0x20 || (byte === SLASH && name !== "");
}

/** The name with one letter more, as far as it takes to tell it from those looked for. */
function longer(name: string, byte: number): string {
  return name.length > NAME_BYTES ? name : name + String.fromCharCode(byte);
}
