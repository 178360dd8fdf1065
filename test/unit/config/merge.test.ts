import { describe, expect, it } from "vitest";
import { overlay } from "../../../src/config/merge.ts";

describe("overlay", () => {
  it("merges maps at any depth and replaces everything else", () => {
    const base = { a: { b: 1, c: [1, 2] }, d: "x" };
    const over = { a: { c: [3] }, e: null };
    expect(overlay(base, over)).toEqual({ a: { b: 1, c: [3] }, d: "x", e: null });
  });

  it("keeps the base where nothing is laid over it", () => {
    expect(overlay({ a: 1 }, undefined)).toEqual({ a: 1 });
    expect(overlay(undefined, { a: 1 })).toEqual({ a: 1 });
  });

  it("takes a key named __proto__ as data", () => {
    const merged = overlay({}, JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.keys(merged as object)).toEqual(["__proto__"]);
  });
});
