import { expect, test } from "vitest";
import { RetryTimes } from "../../../src/daemon/retry-times.ts";

const MINUTE_MS = 60_000;

test("each failure makes the next wait twice as long, up to a quarter of an hour", () => {
  const times = new RetryTimes();
  const waits: number[] = [];
  for (let n = 0; n < 8; n++) {
    times.failed("a", `failure ${n}`, 0);
    waits.push((times.waitsUntil("a", 0) ?? 0) / MINUTE_MS);
  }
  expect(waits).toEqual([0.5, 1, 2, 4, 8, 15, 15, 15]);
  expect(times.message("a")).toBe("failure 7");
  expect(times.all()).toEqual([{ key: "a", message: "failure 7" }]);
});

test("when its time has come it waits no more, nor after the clock was set back", () => {
  const times = new RetryTimes();
  times.failed("a", "x", 100 * MINUTE_MS);
  expect(times.waitsUntil("a", 100.4 * MINUTE_MS)).toBe(100.5 * MINUTE_MS);
  expect(times.waitsUntil("a", 100.5 * MINUTE_MS)).toBeUndefined();
  expect(times.waitsUntil("a", 10 * MINUTE_MS)).toBeUndefined();
  expect(times.waitsUntil("b", 0)).toBeUndefined();
});

test("what succeeded or is gone is forgotten", () => {
  const times = new RetryTimes();
  for (const key of ["a", "b", "c"]) times.failed(key, key, 0);
  times.forget("a");
  times.keep(new Set(["c", "d"]));
  expect(times.all()).toEqual([{ key: "c", message: "c" }]);
});
