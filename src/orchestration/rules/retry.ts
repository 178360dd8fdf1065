/** How often and when a failed attempt is made again. */
import { z } from "zod";
import { type ErrorClass, sha256 } from "../../core/index.ts";

/** A policy with every field decided; lengths of time in milliseconds. */
export const RetryPolicy = z.strictObject({
  /** Attempts in all, the first one included. */
  attempts: z.int().min(1).max(1_000),
  backoff: z.enum(["fixed", "linear", "exponential"]),
  initialMs: z.number().nonnegative(),
  /** Growth of exponential backoff. */
  factor: z.number().min(1),
  /** Longest single wait. */
  maxMs: z.number().nonnegative(),
  jitter: z.enum(["none", "full", "equal"]),
  /** No new attempt starts later than this after the first one began; null: no limit. */
  maxElapsedMs: z.number().positive().nullable(),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

/** Policies of one task. */
export interface RetryRules {
  readonly default: RetryPolicy;
  readonly byClass: Readonly<Partial<Record<ErrorClass, RetryPolicy>>>;
}

const BACKOFF = {
  backoff: "exponential",
  initialMs: 1_000,
  factor: 2,
  maxMs: 60_000,
  jitter: "full",
  maxElapsedMs: null,
} as const;

/** What holds without `retry`: three attempts for trouble on the network, one for all else. */
export const DEFAULT_RETRY: RetryRules = {
  default: { attempts: 1, ...BACKOFF },
  byClass: { NetworkError: { attempts: 3, ...BACKOFF } },
};

/** Trying again does not help against these, so `default` does not reach them. */
const ONCE: ReadonlySet<ErrorClass> = new Set([
  "InputError",
  "ConfigurationError",
  "CanceledError",
]);

/** The policy for an error of a class: its own, else the default; what cannot pass by itself gets one attempt. */
export function policyFor(retry: RetryRules, errorClass: ErrorClass): RetryPolicy {
  const own = retry.byClass[errorClass];
  if (own) return own;
  return ONCE.has(errorClass) ? { ...retry.default, attempts: 1 } : retry.default;
}

/**
 * Wait before the next attempt, in whole milliseconds.
 *
 * @param failedAttempts - Attempts that failed so far, at least 1.
 * @param share - Where in the range of the jitter, in [0, 1).
 * @param retryAfterMs - What the other side asked for: never less than that, even above `maxMs`.
 */
export function delayMs(
  policy: RetryPolicy,
  failedAttempts: number,
  share: number,
  retryAfterMs = 0,
): number {
  const { initialMs, maxMs, jitter } = policy;
  const full = initialMs === 0 ? 0 : Math.min(maxMs, initialMs * growth(policy, failedAttempts));
  const spread = { none: full, full: full * share, equal: (full * (1 + share)) / 2 }[jitter];
  return Math.max(Math.round(spread), Math.ceil(retryAfterMs));
}

function growth({ backoff, factor }: RetryPolicy, failedAttempts: number): number {
  if (backoff === "fixed") return 1;
  return backoff === "linear" ? failedAttempts : factor ** (failedAttempts - 1);
}

/** A share in [0, 1), always the same for a seed such as `run/account/task/attempt`. */
export function jitterShare(seed: string): number {
  return Number.parseInt(sha256(seed).slice(0, 13), 16) / 2 ** 52;
}

/**
 * How long the other side asked to wait: a field `retryAfterMs` (milliseconds) or `retryAfter` (the
 * value of the HTTP header) of the error, of its details or of what caused it; or the header's
 * value itself. Undefined when nothing of the kind is there.
 *
 * @param now - Epoch milliseconds, for headers that name a date.
 */
export function retryAfterMsOf(error: unknown, now: number): number | undefined {
  if (typeof error === "string") return headerMs(error, now);
  for (let at = error, depth = 0; isObject(at) && depth < 5; depth++) {
    const found = fieldMs(at, now) ?? fieldMs(Reflect.get(at, "details"), now);
    if (found !== undefined) return found;
    at = Reflect.get(at, "cause");
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function fieldMs(holder: unknown, now: number): number | undefined {
  if (!isObject(holder)) return undefined;
  const ms: unknown = Reflect.get(holder, "retryAfterMs");
  if (typeof ms === "number" && Number.isFinite(ms) && ms >= 0) return ms;
  const header: unknown = Reflect.get(holder, "retryAfter");
  if (typeof header !== "string" && typeof header !== "number") return undefined;
  return headerMs(String(header), now);
}

/** Retry-After of RFC 9110, 10.2.3: seconds, or a date in one of the three forms of 5.6.7. */
function headerMs(header: string, now: number): number | undefined {
  const text = header.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000;
  if (!/^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(text)) return undefined;
  // The oldest form names no zone; it is UTC like the others.
  const date = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
