import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { simulatedClock } from "../../../../src/core/index.ts";
import { holdBusy, whileBusy } from "../../../../src/orchestration/index.ts";

/** What time it is when something rings that is due at once. */
async function ringsAt(clock: ReturnType<typeof simulatedClock>, untilMs: number) {
  const rung: number[] = [];
  clock.after(10, () => rung.push(clock.now()));
  await clock.advance(untilMs);
  return rung;
}

test("time stands still while something is done, also when that fails", async () => {
  const clock = simulatedClock(0);
  const work = whileBusy(clock, async () => {
    await sleep(20);
    throw new Error(`at ${clock.now()}`);
  });
  const failed = work.catch((error: unknown) => String(error));
  expect(await ringsAt(clock, 100)).toEqual([10]);
  expect(await failed).toBe("Error: at 0");
});

test("time goes on in the pauses of a hold, and stands still between and after them", async () => {
  const clock = simulatedClock(0);
  const hold = holdBusy(clock);
  const seen: number[] = [];
  const passed = (ms: number) => new Promise<void>((ring) => void clock.after(ms, ring));
  const work = async () => {
    await sleep(20);
    seen.push(clock.now());
    await Promise.all([hold.pause(() => passed(5)), hold.pause(() => passed(7))]);
    await sleep(20);
    seen.push(clock.now());
    hold.end();
  };
  const done = work();
  clock.after(50, () => seen.push(clock.now()));
  await clock.advance(100);
  await done;
  expect(seen).toEqual([0, 7, 50]);
});

test("a hold that has ended in a pause is not taken up again by its end", async () => {
  const clock = simulatedClock(0);
  const hold = holdBusy(clock);
  const pause = hold.pause(() => new Promise<void>((ring) => void clock.after(5, ring)));
  hold.end();
  await clock.advance(100);
  await pause;
  expect(clock.now()).toBe(100);
  expect(await ringsAt(clock, 200)).toEqual([110]);
});
