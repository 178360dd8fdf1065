import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ErrorClass } from "../../../../src/core/index.ts";
import {
  afterFailure,
  type AttemptRecord,
  DEFAULT_RETRY,
  type FailedAttempt,
  type Next,
  overlayFor,
  type RecoverableTask,
  type RecoveryRule,
  type RetryPolicy,
} from "../../../../src/orchestration/index.ts";

const twice: RetryPolicy = {
  attempts: 2,
  backoff: "fixed",
  initialMs: 4_000,
  factor: 1,
  maxMs: 60_000,
  jitter: "none",
  maxElapsedMs: null,
};
const steps = [{ kind: "command", options: { command: ["start"] }, timeoutMs: null }];
const onNetwork = { on: ["NetworkError" as const] };
const onFiles = { on: ["FileSystemError" as const] };

function task(
  recover: readonly RecoveryRule[],
  traits: Partial<RecoverableTask> = {},
): RecoverableTask {
  return { retry: DEFAULT_RETRY, recover, totalTimeoutMs: null, ...traits };
}

function record(attempt: number, traits: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    account: "acme",
    task: "upload",
    round: 1,
    attempt,
    status: "FAILED",
    startedAt: "2026-01-01T00:00:00.000Z",
    endedAt: null,
    failure: null,
    results: {},
    next: null,
    rule: null,
    alternative: null,
    ...traits,
  };
}

/** Let attempts fail with these classes, one after the other, until the task fails or they run out. */
function play(
  of: RecoverableTask,
  classes: readonly ErrorClass[],
  facts: Partial<FailedAttempt> = {},
): Next[] {
  const decided: Next[] = [];
  const attempts: AttemptRecord[] = [];
  for (const [i, errorClass] of classes.entries()) {
    attempts.push(record(i + 1));
    const given = { firstStartedAt: 0, now: 0, share: 0.5, ...facts };
    const next = afterFailure({ task: of, errorClass, attempts, ...given });
    decided.push(next);
    if (next.do === "fail") break;
    const { rule, alternative } = next;
    attempts[i] = record(i + 1, { rule, alternative });
  }
  return decided;
}

function texts(...played: Parameters<typeof play>): string[] {
  return play(...played).map(({ text }) => text);
}

const network = (count: number) => Array.from({ length: count }, (): ErrorClass => "NetworkError");
const files = (count: number) => Array.from({ length: count }, (): ErrorClass => "FileSystemError");

describe("the task's own retry policy", () => {
  test("tries network errors again with growing waits, then fails as `critical` says", () => {
    expect(play(task([]), network(9))).toEqual([
      { do: "retry", delayMs: 500, text: "retry in 0.5 s", rule: null, alternative: null },
      { do: "retry", delayMs: 1_000, text: "retry in 1.0 s", rule: null, alternative: null },
      { do: "fail", text: "3 of 3 attempts failed", rule: null, stops: null },
    ]);
  });

  test("does not try bad input again", () => {
    expect(play(task([]), ["InputError"])).toEqual([
      { do: "fail", text: "1 of 1 attempts failed", rule: null, stops: null },
    ]);
  });

  test("only failed attempts count", () => {
    const attempts = [
      record(1, { status: "CANCELED" }),
      record(2, { status: "CANCELED" }),
      record(3),
    ];
    const next = afterFailure({
      task: task([]),
      errorClass: "NetworkError",
      attempts,
      firstStartedAt: 0,
      now: 0,
      share: 0.5,
    });
    expect(next).toMatchObject({ do: "retry", delayMs: 500 });
  });

  test("waits as long as the other side asked for", () => {
    expect(play(task([]), network(1), { retryAfterMs: 90_000 })).toMatchObject([
      { delayMs: 90_000 },
    ]);
  });

  test("begins no attempt later than it may", () => {
    const retry = { default: { ...twice, maxElapsedMs: 10_000 }, byClass: {} };
    const played = (now: number) => texts(task([], { retry }), network(1), { now });
    expect(played(6_000)).toEqual(["retry in 4.0 s"]);
    expect(played(6_001)).toEqual(["no further attempt later than 10 s after the first"]);
  });

  test("begins no attempt when the task's time is over", () => {
    const retry = { default: twice, byClass: {} };
    const played = (now: number) =>
      texts(task([], { retry, totalTimeoutMs: 10_000 }), network(1), { now });
    expect(played(5_999)).toEqual(["retry in 4.0 s"]);
    expect(played(6_000)).toEqual(["no time left of 10 s in all"]);
  });
});

describe("recovery rules", () => {
  test("a retry rule stands in place of the task's own policy, also once it is used up", () => {
    const rule: RecoveryRule = { do: "retry", ...onNetwork, retry: twice };
    expect(texts(task([rule]), network(9))).toEqual(["retry in 4.0 s", "2 of 2 attempts failed"]);
    expect(play(task([rule]), network(1))).toMatchObject([{ rule: 0 }]);
    expect(texts(task([rule]), ["InternalError"])).toEqual(["1 of 1 attempts failed"]);
  });

  test("a restart runs its steps before the next attempt, so many times", () => {
    const rule: RecoveryRule = { do: "restart", on: ["ApplicationError"], steps, times: 2 };
    const decided = play(task([rule]), [
      "ApplicationError",
      "ApplicationError",
      "ApplicationError",
    ]);
    const restart = { do: "retry", delayMs: 0, text: "restart", rule: 0, alternative: null, steps };
    expect(decided.slice(0, 2)).toEqual([restart, restart]);
    expect(decided[2]).toMatchObject({ do: "fail", stops: null });
  });

  test("alternatives are tried at once, one after the other, each laid over the task's own options", () => {
    const rule: RecoveryRule = {
      do: "alternative",
      ...onFiles,
      options: [{ to: "/b" }, { to: "/c", mode: 1 }],
    };
    expect(play(task([rule]), files(3))).toMatchObject([
      {
        do: "retry",
        delayMs: 0,
        text: "alternative 1 of 2",
        rule: 0,
        alternative: 0,
        options: { to: "/b" },
      },
      {
        do: "retry",
        delayMs: 0,
        text: "alternative 2 of 2",
        rule: 0,
        alternative: 1,
        options: { to: "/c", mode: 1 },
      },
      { do: "fail" },
    ]);
  });

  test("an alternative stays in force while attempts are tried again for another reason", () => {
    const rule: RecoveryRule = { do: "alternative", ...onFiles, options: [{ to: "/b" }] };
    const decided = play(task([rule]), ["FileSystemError", ...network(3)]);
    expect(decided.map(({ text }) => text)).toEqual([
      "alternative 1 of 1",
      "retry in 0.5 s",
      "retry in 1.0 s",
      "3 of 3 attempts failed",
    ]);
    expect(decided[2]).toMatchObject({ options: { to: "/b" }, alternative: null });
  });

  test("alternatives of several rules add up, the latest on top", () => {
    const recover: RecoveryRule[] = [
      {
        do: "alternative",
        ...onFiles,
        options: [
          { to: "/b", x: 1 },
          { to: "/c", x: 1 },
        ],
      },
      { do: "alternative", ...onNetwork, options: [{ host: "b", x: 2 }] },
    ];
    const decided = play(task(recover), ["FileSystemError", "NetworkError", "FileSystemError"]);
    expect(decided).toMatchObject([
      { options: { to: "/b", x: 1 } },
      { options: { to: "/b", host: "b", x: 2 } },
      { options: { to: "/c", host: "b", x: 1 } },
    ]);
  });

  test("the next rule for the class takes over from one that is used up", () => {
    const recover: RecoveryRule[] = [
      { do: "retry", ...onNetwork, retry: twice },
      { do: "restart", ...onNetwork, steps, times: 1 },
      { do: "stop", ...onNetwork },
    ];
    expect(texts(task(recover), network(9))).toEqual([
      "retry in 4.0 s",
      "restart",
      "stop the workflow",
    ]);
  });

  test.each([
    ["stop", true],
    ["continue", false],
  ] as const)("%s fails the task and overrules `critical`", (does, stops) => {
    expect(play(task([{ do: does, ...onNetwork }]), network(1))).toMatchObject([
      { do: "fail", rule: 0, stops },
    ]);
  });

  test("neither restarts nor alternatives begin when the task's time is over", () => {
    const recover: RecoveryRule[] = [
      { do: "restart", ...onNetwork, steps, times: 1 },
      { do: "alternative", ...onNetwork, options: [{}] },
    ];
    const of = task(recover, { totalTimeoutMs: 5_000 });
    expect(texts(of, network(1), { now: 5_000 })).toEqual(["no time left of 5 s in all"]);
    expect(texts(of, network(1), { now: 4_999 })).toEqual(["restart"]);
  });
});

describe("overlayFor", () => {
  test("leaves out rules that are not there any more", () => {
    expect(overlayFor(task([]), [record(1, { rule: 3, alternative: 0 })])).toBeUndefined();
  });

  test("of a resumed run is what was decided, and every series of failures ends", () => {
    const on = fc.uniqueArray(
      fc.constantFrom("NetworkError" as const, "FileSystemError" as const),
      { minLength: 1 },
    );
    const rule: fc.Arbitrary<RecoveryRule> = fc.oneof(
      fc.record({ do: fc.constant("retry" as const), on, retry: fc.constant(twice) }),
      fc.record({
        do: fc.constant("restart" as const),
        on,
        steps: fc.constant(steps),
        times: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({
        do: fc.constant("alternative" as const),
        on,
        options: fc.array(fc.dictionary(fc.constantFrom("p", "q", "r"), fc.nat(9)), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    );
    const classes = fc.array(fc.constantFrom<ErrorClass>("NetworkError", "FileSystemError"), {
      minLength: 40,
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), classes, (recover, series) => {
        const of = task(recover);
        const decided = play(of, series);
        expect(decided.at(-1)!.do).toBe("fail");
        const made = decided.flatMap((next, i) =>
          next.do === "retry"
            ? [{ next, attempt: record(i + 1, { rule: next.rule, alternative: next.alternative }) }]
            : [],
        );
        for (const [i, { next }] of made.entries()) {
          const attempts = made.slice(0, i + 1).map(({ attempt }) => attempt);
          expect(overlayFor(of, attempts)).toEqual(next.options);
        }
      }),
    );
  });
});
