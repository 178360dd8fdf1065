/**
 * Text encodings without loss: every byte of a file goes to UTF-8 and comes back the same.
 *
 * Half surrogate pairs, which UTF-16 files can hold and UTF-8 cannot, travel as the three bytes
 * that UTF-8 would give them (WTF-8, Simon Sapin); such records fail the UTF-8 check later and are
 * set aside with their original bytes.
 *
 * @module
 */
import type { Dialect } from "../../core/index.ts";

export type Encoding = Dialect["encoding"];

/** Code points of the bytes 0x80 to 0x9F in windows-1252, after the WHATWG encoding standard. */
const WINDOWS_1252 = [
  0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
  0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc,
  0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
];
const FROM_1252 = new Map(
  WINDOWS_1252.map((code, index) => [
    String.fromCodePoint(code),
    String.fromCodePoint(0x80 + index),
  ]),
);
const C1 = /[\u0080-\u009F]/g;
const NOT_LATIN = /[^\0-\u00FF]/g;
const LONE_SURROGATE = /(\p{Surrogate})/u;

/** The byte order marks of the encodings that have one. */
export const BOMS: Readonly<Partial<Record<Encoding, Buffer>>> = {
  "utf-8": Buffer.from([0xef, 0xbb, 0xbf]),
  "utf-16le": Buffer.from([0xff, 0xfe]),
  "utf-16be": Buffer.from([0xfe, 0xff]),
};

/** Text in an encoding, or undefined when the encoding has no place for one of its characters. */
export function encodeText(text: string, encoding: Encoding): Buffer | undefined {
  if (encoding === "utf-8") return Buffer.from(text, "utf8");
  if (encoding === "utf-16le") return Buffer.from(text, "utf16le");
  if (encoding === "utf-16be") return Buffer.from(text, "utf16le").swap16();
  let complete = true;
  const narrow = text.replace(NOT_LATIN, (character) => {
    const known = encoding === "windows-1252" ? FROM_1252.get(character) : undefined;
    complete &&= known !== undefined;
    return known ?? "?";
  });
  return complete ? Buffer.from(narrow, "latin1") : undefined;
}

/** The original bytes of a piece of the plain (UTF-8) text of a file. */
export function originalBytes(plain: Buffer, encoding: Encoding): Buffer {
  if (encoding === "utf-8") return plain;
  const text = encoding.startsWith("utf-16") ? fromWtf8(plain) : plain.toString("utf8");
  return encodeText(text, encoding) ?? plain;
}

/** Turns the chunks of a file, one after the other, into UTF-8. */
export class PlainText {
  readonly #encoding: Encoding;
  /** Bytes of a character that a chunk's end cut. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
  }

  /** Whether the file ended in the middle of a UTF-16 unit. */
  get cut(): boolean {
    return this.#rest.length === 1;
  }

  push(chunk: Buffer): Buffer {
    if (this.#encoding === "utf-8") return chunk;
    if (this.#encoding === "latin-1") return Buffer.from(chunk.toString("latin1"), "utf8");
    if (this.#encoding === "windows-1252") {
      const text = chunk.toString("latin1");
      return Buffer.from(text.replace(C1, fromC1), "utf8");
    }
    return this.#push16(chunk);
  }

  /** What is left when the file has ended. */
  end(): Buffer {
    return this.#rest.length === 2 ? toWtf8(this.#units(this.#rest)) : Buffer.alloc(0);
  }

  #push16(chunk: Buffer): Buffer {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let whole = bytes.length - (bytes.length % 2);
    const high = bytes[this.#encoding === "utf-16le" ? whole - 1 : whole - 2] ?? 0;
    if (whole === bytes.length && whole > 0 && high >= 0xd8 && high <= 0xdb) whole -= 2;
    else if (whole !== bytes.length && whole > 0 && high >= 0xd8 && high <= 0xdb) whole -= 2;
    this.#rest = Buffer.from(bytes.subarray(whole));
    return toWtf8(this.#units(bytes.subarray(0, whole)));
  }

  #units(bytes: Buffer): string {
    const little = this.#encoding === "utf-16le" ? bytes : Buffer.from(bytes).swap16();
    return little.toString("utf16le");
  }
}

function fromC1(character: string): string {
  return String.fromCodePoint(WINDOWS_1252[(character.codePointAt(0) ?? 0) - 0x80] ?? 0x81);
}

function toWtf8(text: string): Buffer {
  if (!LONE_SURROGATE.test(text)) return Buffer.from(text, "utf8");
  const parts = text.split(LONE_SURROGATE).map((part, index) => {
    if (index % 2 === 0) return Buffer.from(part, "utf8");
    const unit = part.charCodeAt(0);
    return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
  });
  return Buffer.concat(parts);
}

function fromWtf8(bytes: Buffer): string {
  let text = "";
  let done = 0;
  for (let i = bytes.indexOf(0xed); i >= 0; i = bytes.indexOf(0xed, i + 1)) {
    const [, second = 0, third = 0] = bytes.subarray(i, i + 3);
    if (second < 0xa0) continue;
    text += bytes.toString("utf8", done, i);
    text += String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
    done = i + 3;
  }
  return text + bytes.toString("utf8", done);
}
