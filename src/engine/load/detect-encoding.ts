import { isUtf8 } from "node:buffer";
import { BOMS, type Encoding } from "./encodings.ts";

/** What a file's bytes say about its encoding. */
export interface EncodingFound {
  readonly encoding: Encoding;
  readonly bom: boolean;
}

/** Shares of NUL bytes at even and odd places that speak for UTF-16 of mostly Latin text. */
const MANY_NULS = 0.3;
const FEW_NULS = 0.05;

/** Encoding by byte order mark or by UTF-16's pattern of NULs; undefined when neither decides. */
export function encodingBySignature(head: Buffer): EncodingFound | undefined {
  for (const encoding of ["utf-8", "utf-16le", "utf-16be"] as const) {
    const bom = BOMS[encoding];
    if (bom && head.subarray(0, bom.length).equals(bom)) return { encoding, bom: true };
  }
  return encodingByNuls(head);
}

function encodingByNuls(head: Buffer): EncodingFound | undefined {
  const places = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) places[i % 2] = (places[i % 2] ?? 0) + 1;
  const half = Math.max(1, head.length / 2);
  const [even = 0, odd = 0] = places.map((count) => count / half);
  if (odd > MANY_NULS && even < FEW_NULS) return { encoding: "utf-16le", bom: false };
  if (even > MANY_NULS && odd < FEW_NULS) return { encoding: "utf-16be", bom: false };
  return undefined;
}

/** Counts, over all chunks of a file, what is UTF-8 and what cannot be. */
export class Utf8Count {
  /** Bytes that are not part of any UTF-8 character. */
  invalid = 0;
  /** Characters of more than one byte. */
  wide = 0;
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const whole = wholeCharacters(bytes);
    this.#rest = Buffer.from(bytes.subarray(whole));
    this.#count(bytes.subarray(0, whole));
  }

  end(): void {
    this.#count(this.#rest);
    this.#rest = Buffer.alloc(0);
  }

  /** What the whole file is: broken UTF-8 stays UTF-8 as long as most wide characters are sound. */
  get encoding(): Encoding {
    if (this.invalid === 0 || this.wide > this.invalid) return "utf-8";
    return "windows-1252";
  }

  #count(bytes: Buffer): void {
    for (let i = 0; i < bytes.length;) {
      const byte = bytes[i] ?? 0;
      if (byte < 0x80) {
        i++;
        continue;
      }
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      if (byte >= 0xc2 && isUtf8(bytes.subarray(i, i + length)) && i + length <= bytes.length) {
        this.wide++;
        i += length;
      } else {
        this.invalid++;
        i++;
      }
    }
  }
}

/** Length of the longest prefix that does not end in the middle of a UTF-8 character. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
