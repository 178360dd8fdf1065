import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { checkedResults } from "../../../src/tasks/results.ts";

const at = 'Task "report"';

describe("results", () => {
  it("are a copy of plain JSON", () => {
    const value = { files: ["/a", "/b"], deep: { n: 1, no: null, yes: true }, "": "" };
    const copy = checkedResults(value, at);
    expect(copy).toEqual(value);
    expect(copy).not.toBe(value);
    expect(copy["files"]).not.toBe(value.files);
  });

  it("are empty when nothing is given back", () => {
    expect(checkedResults(undefined, at)).toEqual({});
  });

  it("leave out entries that are undefined", () => {
    expect(Object.keys(checkedResults({ a: undefined, b: 1 }, at))).toEqual(["b"]);
  });

  it("may be maps without a prototype, maps of another realm, and hold one value twice", () => {
    const shared = [1];
    const bare = Object.assign(Object.create(null), { a: shared, b: shared });
    expect(checkedResults(bare, at)).toEqual({ a: [1], b: [1] });
    expect(checkedResults(runInNewContext("({ a: { b: [1] } })"), at)).toEqual({ a: { b: [1] } });
  });

  it("keep a key named __proto__ as a key", () => {
    const copy = checkedResults(JSON.parse('{"__proto__": {"x": 1}}'), at);
    expect(Object.keys(copy)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  const circle: Record<string, unknown> = {};
  circle["self"] = { again: [circle] };
  class Table {
    readonly rows = 0;
  }
  it.each([
    ["a bigint", { a: 1n }, ".a", "a bigint"],
    ["NaN", { a: { b: Number.NaN } }, ".a.b", "NaN"],
    ["an infinity", { a: [1, -Infinity] }, ".a[1]", "-Infinity"],
    ["a date", { a: new Date(0) }, ".a", "a Date"],
    ["a function", { a: () => 1 }, ".a", "a function"],
    ["a symbol", { a: Symbol("s") }, ".a", "a symbol"],
    ["a Map", { a: new Map() }, ".a", "a Map"],
    ["an instance of a class", { a: new Table() }, ".a", "a Table"],
    ["an error", { a: new Error("x") }, ".a", "a Error"],
    ["a circle", circle, ".self.again[0]", "holds itself"],
    ["undefined in a list", { a: ["x", undefined] }, ".a[1]", "undefined"],
    ["a hole in a list", { a: Object.assign([1], { 2: 2 }) }, ".a[1]", "undefined"],
    ["a list in place of a map", [1], "", "a list"],
    ["a text in place of a map", "done", "", "a string"],
    ["null in place of a map", null, "", "null"],
  ])("refuse %s with its path", (_name, value, path, came) => {
    expect(() => checkedResults(value, at)).toThrow(
      expect.objectContaining({ code: "RESULT_INVALID", details: { at: `${at}${path}` } }),
    );
    expect(() => checkedResults(value, at)).toThrow(came);
  });
});
