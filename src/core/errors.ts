/** Errors: one class, told apart by the codes of the table, and their form as data. */
import { z } from "zod";
import { classOf, ErrorClass } from "./error-class.ts";
import { type ErrorCode, ERRORS } from "./error-table.ts";

/** The facts of a failure, JSON-safe: they are logged and checkpointed. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
 * The one error class. Errors are told apart by their code, not by their class.
 *
 * `reason` says what was expected, what came and where; the table's `meaning` is put before it.
 */
export class WranglerError extends Error {
  override readonly name = "WranglerError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, reason = "", details: ErrorDetails = {}, options?: ErrorOptions) {
    super([ERRORS[code].meaning, reason].filter(Boolean).join(" "), options);
    this.code = code;
    this.details = details;
  }
}

/** True across copies of this module, where `instanceof` is not. */
export function isWranglerError(value: unknown): value is WranglerError {
  return (
    value instanceof Error &&
    value.name === "WranglerError" &&
    "code" in value &&
    String(value.code) in ERRORS
  );
}

/** A failure as data: what state, checkpoints, logs and reports hold. */
export const Failure = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  /** Where it happened: an account, dataset or stage path such as `acme/orders/profiling`. */
  at: z.string(),
  class: ErrorClass.optional(),
  stack: z.string().optional(),
});
export type Failure = z.infer<typeof Failure>;

/** Any thrown thing as a {@link Failure}; what has no code of its own is INTERNAL. */
export function failureOf(error: unknown, at: string): Failure {
  const code: ErrorCode = isWranglerError(error) ? error.code : "INTERNAL";
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? stackOf(error) : undefined;
  const { remedy } = ERRORS[code];
  return {
    code,
    message,
    remedy,
    at,
    class: errorClassOf(error),
    ...(stack ? { stack } : {}),
  };
}

/** The class of any thrown thing: that of its code, else what it can be told by. */
export function errorClassOf(error: unknown): ErrorClass {
  return isWranglerError(error) ? ERRORS[error.code].class : classOf(error);
}

/** The exit status that belongs to an error; 70 for what has no code. */
export function exitOf(error: unknown): number {
  return isWranglerError(error) ? ERRORS[error.code].exit : ERRORS.INTERNAL.exit;
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by: ${stackOf(error.cause)}` : own;
}
