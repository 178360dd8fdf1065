import { WranglerError } from "../core/index.ts";
import type { Cipher } from "./cipher.ts";

/**
 * Texts and bytes on their way into the rows of one file and back: sealed when there is a key. The
 * file, table and key columns go into the seal, so that no row can stand in for another.
 */
export class RowCodec {
  readonly #cipher: Cipher | undefined;
  readonly #file: string;

  /** @param file What the file is of: an account, or "" for the store itself. */
  constructor(cipher: Cipher | undefined, file: string) {
    this.#cipher = cipher;
    this.#file = file;
  }

  /** A text: TEXT in plain, BLOB when sealed. */
  seal(text: string, ...place: readonly string[]): string | Uint8Array {
    if (!this.#cipher) return text;
    return this.#cipher.seal(Buffer.from(text), [this.#file, ...place]);
  }

  /** @throws {WranglerError} STORE_LOCKED when it was altered, moved or stands there in plain. */
  open(value: unknown, ...place: readonly string[]): string {
    if (this.#cipher && value instanceof Uint8Array) {
      const plain = this.#cipher.open(value, [this.#file, ...place]);
      return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString("utf8");
    }
    if (!this.#cipher && typeof value === "string") return value;
    const what = this.#cipher ? "it is not sealed" : "it is sealed";
    throw new WranglerError("STORE_LOCKED", `${[this.#file, ...place].join(" / ")}: ${what}.`);
  }

  /** Bytes: BLOB either way. */
  sealBytes(bytes: Uint8Array, ...place: readonly string[]): Uint8Array {
    return this.#cipher ? this.#cipher.seal(bytes, [this.#file, ...place]) : bytes;
  }

  /** @throws {WranglerError} STORE_LOCKED when they were altered, moved or stand there in plain. */
  openBytes(value: unknown, ...place: readonly string[]): Uint8Array {
    const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value));
    const plain = this.#cipher ? this.#cipher.open(bytes, [this.#file, ...place]) : bytes;
    return new Uint8Array(plain);
  }
}
