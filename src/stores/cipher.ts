/**
 * AES-256-GCM for what is kept at rest (NIST SP 800-38D): a random 96-bit nonce for each text, so one
 * key is good for 2^32 of them. The place of a text goes into its tag, so that none can be moved.
 *
 * @module
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { readFileSync } from "node:fs";
import { WranglerError } from "../core/index.ts";

/** A key that neither logs nor JSON show. */
export type StoreKey = KeyObject;

/** Seals and opens under one key. Opening what was sealed otherwise or altered throws STORE_LOCKED. */
export interface Cipher {
  /** @param place Where the bytes stand; the same must be given to open them. */
  seal(plain: Uint8Array, place: readonly string[]): Uint8Array;
  open(sealed: Uint8Array, place: readonly string[]): Uint8Array;
  /** The same for a text in a file: base64. */
  sealText(text: string, purpose: string): string;
  openText(sealed: string, purpose: string): string;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of all that is sealed: the way it was done. */
const VERSION = 1;

/** Make a cipher of a key. */
export function cipherOf(key: StoreKey): Cipher {
  const seal = (plain: Uint8Array, place: readonly string[]): Uint8Array => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(placeBytes(place));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Uint8Array.of(VERSION), nonce, cipher.getAuthTag(), body]);
  };
  const open = (sealed: Uint8Array, place: readonly string[]): Uint8Array => {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    const start = 1 + NONCE_BYTES;
    if (bytes[0] !== VERSION || bytes.length < start + TAG_BYTES) throw locked(place);
    const nonce = bytes.subarray(1, start);
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(placeBytes(place));
    decipher.setAuthTag(bytes.subarray(start, start + TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(start + TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw locked(place, cause);
    }
  };
  return {
    seal,
    open,
    sealText: (text, purpose) =>
      Buffer.from(seal(Buffer.from(text), ["text", purpose])).toString("base64"),
    openText: (sealed, purpose) =>
      Buffer.from(open(Buffer.from(sealed, "base64"), ["text", purpose])).toString("utf8"),
  };
}

/**
 * The key that the environment gives, if it gives one: DATA_WRANGLER_KEY, or the content of the file
 * named by DATA_WRANGLER_KEY_FILE; 32 bytes as base64 or as 64 hexadecimal digits.
 *
 * @throws {WranglerError} CONFIG_INVALID when it is no such key, the file cannot be read, or both
 *   are set.
 */
export function storeKeyFrom(
  env: Readonly<Record<string, string | undefined>>,
): StoreKey | undefined {
  const text = env["DATA_WRANGLER_KEY"];
  const path = env["DATA_WRANGLER_KEY_FILE"];
  if (text && path) {
    throw invalid("Expected one of DATA_WRANGLER_KEY and DATA_WRANGLER_KEY_FILE, both are set.");
  }
  if (text) return keyOf(text, "DATA_WRANGLER_KEY");
  if (!path) return undefined;
  try {
    return keyOf(readFileSync(path, "utf8"), `${path} (DATA_WRANGLER_KEY_FILE)`);
  } catch (cause) {
    if (cause instanceof WranglerError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`DATA_WRANGLER_KEY_FILE: ${reason}.`);
  }
}

/** The message names the place of the key and its length, never the key. */
function keyOf(text: string, from: string): StoreKey {
  const trimmed = text.trim();
  const isHex = /^[0-9a-f]{64}$/i.test(trimmed);
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed);
  const bytes = Buffer.from(trimmed, isHex ? "hex" : "base64");
  if ((!isHex && !isBase64) || bytes.length !== KEY_BYTES) {
    const expected = `expected ${KEY_BYTES} bytes as base64 or as 64 hexadecimal digits`;
    throw invalid(`${from}: ${expected}, got ${trimmed.length} characters.`);
  }
  return createSecretKey(bytes);
}

/** JSON keeps the parts of a place apart whatever they hold. */
function placeBytes(place: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(place));
}

function locked(place: readonly string[], cause?: unknown): WranglerError {
  const what = place.filter((part) => part !== "").join(" / ");
  const reason = `${what}: it was sealed with another key or for another place, or was altered.`;
  return new WranglerError("STORE_LOCKED", reason, { place: [...place] }, { cause });
}

function invalid(reason: string): WranglerError {
  return new WranglerError("CONFIG_INVALID", reason);
}
