import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../../src/core/index.ts";

const START = Date.parse("2026-03-02T10:00:00Z");
beforeEach(() => void vi.useFakeTimers({ now: START }));
afterEach(() => void vi.useRealTimers());

test("a time rings when the clock shows it, not before", async () => {
  const rung: number[] = [];
  systemClock.at(START + 3_600_000, () => rung.push(Date.now()));
  await vi.advanceTimersByTimeAsync(3_599_999);
  expect(rung).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(rung).toEqual([START + 3_600_000]);
});

test("a clock that is set forward is noticed soon, one that is set back is waited for", async () => {
  const rung: string[] = [];
  systemClock.at(START + 3_600_000, () => rung.push("ahead"));
  vi.setSystemTime(START + 7_200_000);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(rung).toEqual(["ahead"]);

  vi.setSystemTime(START);
  systemClock.at(START + 60_000, () => rung.push("back"));
  await vi.advanceTimersByTimeAsync(40_000);
  vi.setSystemTime(START);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(rung).toEqual(["ahead"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(rung).toEqual(["ahead", "back"]);
});

test("what is forgotten does not ring, however often the clock was looked at", async () => {
  let rings = 0;
  const forget = systemClock.at(START + 60_000, () => rings++);
  await vi.advanceTimersByTimeAsync(40_000);
  forget();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(rings).toBe(0);
});
