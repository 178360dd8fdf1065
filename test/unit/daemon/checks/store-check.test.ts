import { expect, test } from "vitest";
import { storeCheck } from "../../../../src/daemon/checks/index.ts";

test("a store that takes what is written to it is well", () => {
  expect(storeCheck({ tookMs: 12.4 })).toEqual({
    name: "store",
    level: "ok",
    text: "A write took 12 ms.",
    remedy: null,
  });
});

test("a slow store is told, one that refuses fails", () => {
  expect(storeCheck({ tookMs: 2_001 })).toMatchObject({ level: "warning" });
  expect(storeCheck({ tookMs: 2_000 })).toMatchObject({ level: "ok" });
  expect(storeCheck({ error: "database or disk is full" })).toMatchObject({
    level: "failing",
    text: "Nothing can be written: database or disk is full",
  });
});
