import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { onAbort } from "../../../../src/orchestration/engine/on-abort.ts";

test("all who wait for a signal share one listener and are told once, in their order", () => {
  const controller = new AbortController();
  const heard: string[] = [];
  const stops = ["a", "b", "c"].map((name) => onAbort(controller.signal, () => heard.push(name)));
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
  stops[1]?.();
  controller.abort();
  controller.abort();
  expect(heard).toEqual(["a", "c"]);
});

test("a signal that has aborted tells at once", () => {
  let heard = 0;
  onAbort(AbortSignal.abort(), () => heard++);
  expect(heard).toBe(1);
});

test("one who is told may end the wait of another", () => {
  const controller = new AbortController();
  const heard: string[] = [];
  onAbort(controller.signal, () => {
    heard.push("first");
    stop();
  });
  const stop = onAbort(controller.signal, () => heard.push("second"));
  controller.abort();
  expect(heard).toEqual(["first"]);
});
