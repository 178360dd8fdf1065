import { expect, test } from "vitest";
import { endingOf } from "../../../src/daemon/ending.ts";

function played() {
  const from = {
    drain: new AbortController(),
    signal: new AbortController(),
    handOver: new AbortController(),
    lost: new AbortController(),
  };
  const ending = endingOf({
    drain: from.drain.signal,
    signal: from.signal.signal,
    handOver: from.handOver.signal,
    lost: from.lost.signal,
  });
  return { from, ending };
}

test("asked to drain, runs may end within their grace", async () => {
  const { from, ending } = played();
  from.drain.abort();
  expect(await ending.asked).toEqual({ why: "drain" });
  expect([ending.drain.aborted, ending.signal.aborted]).toEqual([true, false]);
  // who grows impatient ends them at once
  from.signal.abort();
  expect(ending.signal.aborted).toBe(true);
  expect(await ending.asked).toEqual({ why: "drain" });
});

test("asked to end at once, they do", async () => {
  const { from, ending } = played();
  from.signal.abort();
  expect(await ending.asked).toEqual({ why: "signal" });
  expect(ending.signal.aborted).toBe(true);
});

test("when another process is the service, runs drain and why is told", async () => {
  const { from, ending } = played();
  const error = new Error("busy");
  from.lost.abort(error);
  expect(await ending.asked).toEqual({ why: "lost", error });
  expect(ending.drain.aborted).toBe(true);
});

test("runs hear of a hand-over by themselves", async () => {
  const { from, ending } = played();
  from.handOver.abort();
  expect(await ending.asked).toEqual({ why: "hand-over" });
  expect([ending.drain.aborted, ending.signal.aborted]).toEqual([false, false]);
});

test("what was asked before it began counts, and after it is closed nothing does", async () => {
  const drain = AbortSignal.abort();
  const none = new AbortController().signal;
  const at = endingOf({ drain, signal: undefined, handOver: none, lost: none });
  expect(await at.asked).toEqual({ why: "drain" });

  const { from, ending } = played();
  ending.close();
  from.drain.abort();
  expect(ending.drain.aborted).toBe(false);
});
