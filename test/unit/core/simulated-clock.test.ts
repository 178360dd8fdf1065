import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { simulatedClock } from "../../../src/core/index.ts";

test("what is due rings in order, at its time", async () => {
  const clock = simulatedClock(1_000);
  const rung: [string, number][] = [];
  const ring = (name: string) => () => rung.push([name, clock.now()]);
  clock.after(500, ring("late"));
  clock.after(100, ring("first"));
  clock.after(100, ring("second"));
  const forget = clock.after(200, ring("never"));
  forget();
  await clock.advance(2_000);
  expect(rung).toStrictEqual([
    ["first", 1_100],
    ["second", 1_100],
    ["late", 1_500],
  ]);
  expect(clock.now()).toBe(2_000);
});

test("time stands still while something is done", async () => {
  const clock = simulatedClock(0);
  const seen: number[] = [];
  clock.after(10, () => {
    const work = async (over: () => void) => {
      await sleep(30);
      seen.push(clock.now());
      clock.after(5, () => seen.push(clock.now()));
      over();
    };
    void work(clock.busy());
  });
  clock.after(100, () => seen.push(clock.now()));
  await clock.advance(1_000);
  expect(seen).toStrictEqual([10, 15, 100]);
});

test("a step of the clock leaves how long is waited", async () => {
  const clock = simulatedClock(10_000);
  let rungAt = 0;
  clock.after(1_000, () => (rungAt = clock.now()));
  clock.step(-5_000);
  expect(clock.now()).toBe(5_000);
  await clock.advance(5_999);
  expect(rungAt).toBe(0);
  await clock.advance(6_000);
  expect(rungAt).toBe(6_000);
});

test("time stops where its teller is content", async () => {
  const clock = simulatedClock(0);
  let rings = 0;
  const again = () => {
    rings++;
    clock.after(10, again);
  };
  clock.after(10, again);
  await clock.advance(1_000_000, () => rings === 3);
  expect([rings, clock.now()]).toStrictEqual([3, 30]);
});

test("work that hangs runs into its time limit", async () => {
  const clock = simulatedClock(0, 50);
  let rungAt = 0;
  clock.after(600_000, () => (rungAt = clock.now()));
  clock.busy();
  await clock.advance(600_000);
  expect(rungAt).toBe(600_000);
});

test("who waits for a time waits for it, however the clock is set", async () => {
  const clock = simulatedClock(10_000);
  const rung: number[] = [];
  clock.at(20_000, () => rung.push(clock.now()));
  clock.at(30_000, () => rung.push(clock.now()));
  clock.step(-5_000);
  await clock.advance(19_999);
  expect(rung).toStrictEqual([]);
  clock.step(7_000);
  await clock.advance(clock.now());
  expect(rung).toStrictEqual([26_999]);
  await clock.advance(40_000);
  expect(rung).toStrictEqual([26_999, 30_000]);
});
