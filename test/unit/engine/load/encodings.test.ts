import { assert, constantFrom, nat, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { Utf8Count, wholeCharacters } from "../../../../src/engine/load/detect-encoding.ts";
import {
  type Encoding,
  encodeText,
  originalBytes,
  PlainText,
} from "../../../../src/engine/load/encodings.ts";

function plainOf(bytes: Buffer, encoding: Encoding, cut: number): Buffer {
  const plain = new PlainText(encoding);
  const parts = [plain.push(bytes.subarray(0, cut)), plain.push(bytes.subarray(cut)), plain.end()];
  return Buffer.concat(parts);
}

test("any bytes come back from UTF-8, wherever the chunks are cut", () => {
  const encodings = constantFrom<Encoding>("latin-1", "windows-1252", "utf-16le", "utf-16be");
  assert(
    property(encodings, uint8Array({ maxLength: 60 }), nat(60), (encoding, array, cut) => {
      const bytes = Buffer.from(array.subarray(0, array.length - (array.length % 2)));
      const plain = plainOf(bytes, encoding, Math.min(cut, bytes.length));
      expect(originalBytes(plain, encoding)).toEqual(bytes);
    }),
    { numRuns: 500 },
  );
});

test("windows-1252 has the euro and no Polish letter", () => {
  expect(encodeText("5 €", "windows-1252")).toEqual(Buffer.from([0x35, 0x20, 0x80]));
  expect(encodeText("Ł", "windows-1252")).toBeUndefined();
  expect(encodeText("€", "latin-1")).toBeUndefined();
});

test("a few broken bytes among many sound characters leave a text UTF-8", () => {
  const count = new Utf8Count();
  count.push(Buffer.concat([Buffer.from("größe schön für"), Buffer.from([0xff])]));
  count.end();
  expect([count.wide, count.invalid, count.encoding]).toEqual([4, 1, "utf-8"]);
  const latin = new Utf8Count();
  latin.push(Buffer.from("gr\xF6\xDFe sch\xF6n", "latin1"));
  latin.end();
  expect(latin.encoding).toBe("windows-1252");
});

test("a prefix of whole characters ends before a cut one", () => {
  expect(wholeCharacters(Buffer.from("aé").subarray(0, 2))).toBe(1);
  expect(wholeCharacters(Buffer.from("aé"))).toBe(3);
  expect(wholeCharacters(Buffer.from("😀").subarray(0, 3))).toBe(0);
});
