import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WranglerError } from "../../../../src/core/index.ts";
import {
  DEFAULT_RETRY,
  delayMs,
  jitterShare,
  policyFor,
  retryAfterMsOf,
  RetryPolicy,
} from "../../../../src/orchestration/index.ts";

const steady: RetryPolicy = {
  attempts: 5,
  backoff: "fixed",
  initialMs: 1_000,
  factor: 2,
  maxMs: 10_000,
  jitter: "none",
  maxElapsedMs: null,
};

const policies = fc.record({
  attempts: fc.integer({ min: 1, max: 1_000 }),
  backoff: fc.constantFrom("fixed" as const, "linear" as const, "exponential" as const),
  initialMs: fc.nat(100_000),
  factor: fc.double({ min: 1, max: 1_000, noNaN: true }),
  maxMs: fc.nat(1_000_000),
  jitter: fc.constantFrom("none" as const, "full" as const, "equal" as const),
  maxElapsedMs: fc.constant(null),
});
const shares = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("delayMs", () => {
  test.each([
    ["fixed", [1_000, 1_000, 1_000, 1_000, 1_000, 1_000]],
    ["linear", [1_000, 2_000, 3_000, 4_000, 5_000, 6_000]],
    ["exponential", [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]],
  ] as const)("%s backoff waits %o", (backoff, waits) => {
    const policy = { ...steady, backoff };
    expect(waits.map((_, i) => delayMs(policy, i + 1, 0.5))).toEqual(waits);
  });

  test("jitter spreads a wait over all of it, or over its upper half", () => {
    expect(
      [0, 0.25, 0.999].map((share) => delayMs({ ...steady, jitter: "full" }, 1, share)),
    ).toEqual([0, 250, 999]);
    expect(
      [0, 0.5, 0.998].map((share) => delayMs({ ...steady, jitter: "equal" }, 1, share)),
    ).toEqual([500, 750, 999]);
  });

  test("what the other side asked for is the least, also above the longest wait", () => {
    expect(delayMs(steady, 1, 0, 500)).toBe(1_000);
    expect(delayMs(steady, 1, 0, 30_000)).toBe(30_000);
  });

  test("is a whole number between what was asked for and the longest wait", () => {
    fc.assert(
      fc.property(
        policies,
        fc.integer({ min: 1, max: 1_000 }),
        shares,
        fc.nat(),
        (p, n, s, least) => {
          const delay = delayMs(p, n, s, least);
          expect(Number.isSafeInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(least);
          expect(delay).toBeLessThanOrEqual(Math.max(p.maxMs, least));
        },
      ),
    );
  });

  test("without jitter never falls from one attempt to the next", () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 999 }), (p, n) => {
        const policy = { ...p, jitter: "none" as const };
        expect(delayMs(policy, n + 1, 0)).toBeGreaterThanOrEqual(delayMs(policy, n, 0));
      }),
    );
  });
});

describe("jitterShare", () => {
  test("is always the same for a seed, and in [0, 1)", () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const share = jitterShare(seed);
        expect(share).toBe(jitterShare(seed));
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThan(1);
      }),
    );
  });

  test("falls evenly into tenths", () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 5_000; i++) tenths[Math.floor(jitterShare(`run/${i}`) * 10)]!++;
    for (const count of tenths) expect(Math.abs(count - 500)).toBeLessThan(100);
  });
});

describe("policyFor", () => {
  test("by default tries network errors three times and all else once", () => {
    expect(policyFor(DEFAULT_RETRY, "NetworkError").attempts).toBe(3);
    expect(policyFor(DEFAULT_RETRY, "TimeoutError").attempts).toBe(1);
    expect(RetryPolicy.safeParse(DEFAULT_RETRY.default).success).toBe(true);
    expect(RetryPolicy.safeParse(DEFAULT_RETRY.byClass.NetworkError).success).toBe(true);
  });

  test("a class's own policy comes before the default", () => {
    const retry = { default: steady, byClass: { TimeoutError: { ...steady, attempts: 2 } } };
    expect(policyFor(retry, "TimeoutError").attempts).toBe(2);
    expect(policyFor(retry, "ApplicationError").attempts).toBe(5);
  });

  test("the default does not reach errors that cannot pass by themselves; their own policy does", () => {
    for (const errorClass of ["InputError", "ConfigurationError", "CanceledError"] as const) {
      expect(policyFor({ default: steady, byClass: {} }, errorClass).attempts).toBe(1);
      const retry = { default: steady, byClass: { [errorClass]: steady } };
      expect(policyFor(retry, errorClass).attempts).toBe(5);
    }
  });
});

describe("retryAfterMsOf", () => {
  const now = Date.parse("1994-11-06T08:49:00Z");

  test.each<[string, unknown, number | undefined]>([
    ["a field in milliseconds", { retryAfterMs: 1_500 }, 1_500],
    ["a header in seconds", { retryAfter: "120" }, 120_000],
    ["a number of seconds", { retryAfter: 2 }, 2_000],
    ["a date", { retryAfter: "Sun, 06 Nov 1994 08:49:37 GMT" }, 37_000],
    ["a date in the second form", { retryAfter: "Sunday, 06-Nov-94 08:49:37 GMT" }, 37_000],
    ["a date in the third form", { retryAfter: "Sun Nov  6 08:49:37 1994" }, 37_000],
    ["a date that has passed", { retryAfter: "Sun, 06 Nov 1994 08:00:00 GMT" }, 0],
    ["the header's value itself", "7", 7_000],
    ["an error's cause", new Error("no", { cause: { retryAfterMs: 9 } }), 9],
    ["an error's details", new WranglerError("NETWORK_FAILED", "", { retryAfterMs: 8 }), 8],
    ["a negative field", { retryAfterMs: -1 }, undefined],
    ["an endless field", { retryAfterMs: Infinity }, undefined],
    ["words", { retryAfter: "soon" }, undefined],
    ["a negative number of seconds", { retryAfter: "-5" }, undefined],
    ["an error without", new Error("no"), undefined],
    ["nothing", undefined, undefined],
  ])("reads %s", (_, error, expected) => {
    expect(retryAfterMsOf(error, now)).toBe(expected);
  });

  test("ends on an error that is its own cause", () => {
    const error = new Error("no");
    error.cause = error;
    expect(retryAfterMsOf(error, now)).toBeUndefined();
  });
});
