import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  didYouMean,
  fingerprint,
  identifier,
  literal,
  literals,
  sha256,
  stableJson,
} from "../../../src/core/index.ts";

describe("quoting", () => {
  test.each([
    ["plain", '"plain"'],
    ['a"b', '"a""b"'],
    ["", '""'],
  ])("identifier %j is %s", (name, quoted) => {
    expect(identifier(name)).toBe(quoted);
  });

  test.each([
    ["it's", "'it''s'"],
    [null, "NULL"],
    [1.5, "1.5"],
    [true, "true"],
  ] as const)("literal %j is %s", (value, quoted) => {
    expect(literal(value)).toBe(quoted);
  });

  test("literals stand in parentheses", () => {
    expect(literals(["a", "b'"])).toBe("('a', 'b''')");
  });
});

describe("stable JSON", () => {
  test("does not depend on the order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(stableJson(reversed)).toBe(stableJson(value));
        expect(fingerprint(reversed)).toBe(fingerprint(value));
      }),
    );
  });

  test("keeps the order of lists and ends with a newline", () => {
    expect(stableJson({ b: [2, 1], a: null })).toBe(
      '{\n  "a": null,\n  "b": [\n    2,\n    1\n  ]\n}\n',
    );
  });
});

test("sha256 is the standard one", () => {
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

describe("did you mean", () => {
  test.each([
    ["ordrs", ' Did you mean "orders"?'],
    ["Orders", ' Did you mean "orders"?'],
    ["xyz", ""],
  ])("%s", (typed, hint) => {
    expect(didYouMean(typed, ["orders", "customers"])).toBe(hint);
  });
});
