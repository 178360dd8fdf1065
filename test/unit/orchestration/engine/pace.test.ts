import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { pacer } from "../../../../src/orchestration/engine/pace.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Accounts that want to start many tasks; counts what each was let start. */
function crowd() {
  const pace = pacer(() => Date.now());
  const started = new Map<string, number>();
  const ask = (account: string, tasks: number) => {
    for (let i = 0; i < tasks; i++) {
      const count = () => started.set(account, (started.get(account) ?? 0) + 1);
      const turn = pace(account);
      if (turn) void turn.then(count);
      else count();
    }
  };
  return { ask, started };
}

describe("the pace of accounts", () => {
  test("lets a few tasks of an account start at once", () => {
    const { ask, started } = crowd();
    ask("a", 10);
    expect(started.get("a")).toBe(10);
  });

  test("lets a small account start at once beside a flood", async () => {
    const { ask, started } = crowd();
    ask("flood", 500);
    await vi.advanceTimersByTimeAsync(1);
    const before = started.get("flood") ?? 0;
    expect(before).toBeLessThan(100);
    ask("small", 10);
    expect(started.get("small")).toBe(10);
  });

  test("gives accounts that compete equal shares", async () => {
    const { ask, started } = crowd();
    ask("a", 500);
    ask("b", 500);
    await vi.advanceTimersByTimeAsync(200);
    const [a = 0, b = 0] = [started.get("a"), started.get("b")];
    expect(Math.abs(a - b)).toBeLessThan(10);
    expect(a + b).toBeLessThan(2 * 16 + 220);
    expect(a + b).toBeGreaterThan(150);
  });

  test("starts everything in the end, in the order of asking", async () => {
    const pace = pacer(() => Date.now());
    const order: number[] = [];
    for (let i = 0; i < 300; i++) {
      const turn = pace("a");
      if (turn) void turn.then(() => order.push(i));
      else order.push(i);
    }
    await vi.runAllTimersAsync();
    expect(order).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });
});
