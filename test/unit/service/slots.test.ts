import { expect, test } from "vitest";
import { slots } from "../../../src/service/slots.ts";

test("at most so many pieces of work run at once, in the order they came", async () => {
  const slot = slots(2);
  const begun: number[] = [];
  const releases: (() => void)[] = [];
  const work = [0, 1, 2, 3].map((i) =>
    slot(() => {
      begun.push(i);
      return new Promise<void>((resolve) => releases.push(resolve));
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  releases.shift()?.();
  await work[0];
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1, 2]);
  for (let i = 0; i < 3; i++) {
    releases.shift()?.();
    await new Promise(setImmediate);
  }
  await Promise.all(work);
  expect(begun).toEqual([0, 1, 2, 3]);
});

test("work that fails gives its slot back", async () => {
  const slot = slots(1);
  await expect(slot(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await slot(() => Promise.resolve("next"))).toBe("next");
});
