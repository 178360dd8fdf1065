import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { accountControl, nestedControl, runControl } from "../../../../src/orchestration/index.ts";

test("an account ends with its run, for the same reason and as finally", () => {
  for (const act of ["interrupt", "cancel"] as const) {
    const run = runControl();
    const account = accountControl(run);
    run[act]("enough");
    expect(account.ending.reason).toBe(run.ending.reason);
    expect(account.draining.aborted).toBe(true);
    expect(account.canceled).toBe(act === "cancel");
    // Also one that is opened afterwards.
    expect(accountControl(run).canceled).toBe(act === "cancel");
  }
});

test("an account that ends by itself ends no other", () => {
  const run = runControl();
  const [one, two] = [accountControl(run), accountControl(run)];
  one.interrupt("broken");
  expect([one, two, run].map(({ ending }) => ending.aborted)).toEqual([true, false, false]);
  run.drain("later");
  expect(two.draining.aborted).toBe(true);
  expect(two.ending.aborted).toBe(false);
});

test("a nested workflow is canceled with its attempt, but only interrupted with its run", () => {
  const attempt = new AbortController();
  const byAttempt = nestedControl(runControl(), attempt.signal);
  attempt.abort(new Error("too long"));
  expect(byAttempt.canceled).toBe(true);
  const run = runControl();
  const second = new AbortController();
  const byRun = nestedControl(run, second.signal);
  run.interrupt("enough");
  second.abort(run.ending.reason);
  expect(byRun.ending.aborted).toBe(true);
  expect(byRun.canceled).toBe(false);
});

test("what is disposed of follows no more, and any number of parts is one listener of the whole", () => {
  const run = runControl();
  const attempt = new AbortController();
  const parts = Array.from({ length: 20 }, () => nestedControl(run, attempt.signal));
  expect(getEventListeners(run.draining, "abort")).toHaveLength(1);
  for (const part of parts) part.dispose();
  attempt.abort();
  run.cancel("enough");
  expect(parts.some(({ ending, draining }) => ending.aborted || draining.aborted)).toBe(false);
});
