/**
 * Every failure the tool can name, in one table.
 *
 * The table is the contract: the CLI takes its exit status from it, the graphs
 * decide on it what may be tried again, and `docs/errors.md` is held against it.
 *
 * @module
 */
import { z } from "zod";

interface ErrorSpec {
  /** What happened, as a sentence for the person at the terminal. */
  readonly meaning: string;
  /** What that person can do about it. */
  readonly remedy: string;
  /** Process exit status, after sysexits.h: 1, 2, 65, 66, 70, 75, 78 or 130. */
  readonly exit: number;
  /** Whether trying again, unchanged, may succeed. */
  readonly retry: boolean;
}

export const ERRORS = {
  USAGE: {
    meaning: "The command line is not understood.",
    remedy: "See data-wrangler --help.",
    exit: 2,
    retry: false,
  },
  CONFIG_INVALID: {
    meaning: "The configuration file has mistakes.",
    remedy: "Mend the places listed; docs/configuration.md describes every setting.",
    exit: 78,
    retry: false,
  },
  CONFIG_MISSING: {
    meaning: "The configuration file cannot be read.",
    remedy: "Check the path given with --config.",
    exit: 78,
    retry: false,
  },
  ACCOUNT_UNKNOWN: {
    meaning: "No such account in the configuration.",
    remedy: "Name one of the accounts listed, or leave the option out to run all.",
    exit: 2,
    retry: false,
  },
  COLUMN_UNKNOWN: {
    meaning: "No such column in the table.",
    remedy: "Name one of the table's columns; names are compared exactly.",
    exit: 78,
    retry: false,
  },
  INPUT_MISSING: {
    meaning: "The input file does not exist.",
    remedy: "Check the path; a relative path in a configuration is relative to that file.",
    exit: 66,
    retry: false,
  },
  INPUT_UNREADABLE: {
    meaning: "The input cannot be read as a table.",
    remedy: "Check that the file is CSV, TSV, JSON, NDJSON, Parquet or XLSX and is complete.",
    exit: 65,
    retry: false,
  },
  INPUT_EMPTY: {
    meaning: "The input holds no table.",
    remedy: "Check that the file was written completely.",
    exit: 65,
    retry: false,
  },
  INPUT_CHANGED: {
    meaning: "The input changed while it was being read.",
    remedy: "Wait until the file is complete and run again.",
    exit: 75,
    retry: true,
  },
  ROW_BALANCE: {
    meaning: "Records read do not balance with rows written, set aside and removed.",
    remedy: "Nothing was written. Please report this with the input's first lines.",
    exit: 70,
    retry: false,
  },
  RECIPE_INVALID: {
    meaning: "The recipe is not valid.",
    remedy: "See docs/recipe.md for the operations and their arguments.",
    exit: 65,
    retry: false,
  },
  ARTIFACT_INVALID: {
    meaning: "A file that an earlier stage should have written is missing or damaged.",
    remedy: "Run the stage that writes it again.",
    exit: 65,
    retry: false,
  },
  NO_CANDIDATE: {
    meaning: "No candidate passed validation.",
    remedy: "See verdicts.json for the rule that each broke.",
    exit: 65,
    retry: false,
  },
  UNDO_MISMATCH: {
    meaning: "The change log does not belong to this table.",
    remedy: "Give the change log and the cleaned table of the same run.",
    exit: 65,
    retry: false,
  },
  OUTPUT_UNWRITABLE: {
    meaning: "The output cannot be written.",
    remedy: "Check the folder's permissions and the free space; nothing half-written is left.",
    exit: 75,
    retry: true,
  },
  OUTPUT_BUSY: {
    meaning: "Another run is writing to the same output folder.",
    remedy: "Wait for it to end, or choose another folder.",
    exit: 75,
    retry: true,
  },
  RUN_UNKNOWN: {
    meaning: "No such run.",
    remedy: "data-wrangler runs lists them.",
    exit: 2,
    retry: false,
  },
  RUN_BUSY: {
    meaning: "Another process is executing this run.",
    remedy: "Wait for it; data-wrangler status shows where it stands.",
    exit: 75,
    retry: true,
  },
  RUN_LOST: {
    meaning: "Another process took over this run; this one stopped writing.",
    remedy: "data-wrangler status shows who goes on.",
    exit: 75,
    retry: true,
  },
  STORE_UNUSABLE: {
    meaning: "The checkpoint store cannot be opened.",
    remedy: "Check the folder named under checkpoints and its permissions.",
    exit: 75,
    retry: true,
  },
  MODULE_INVALID: {
    meaning: "A user module cannot be loaded.",
    remedy: "Check its path and that it registers what it exports.",
    exit: 78,
    retry: false,
  },
  ENGINE_QUERY_FAILED: {
    meaning: "The engine refused a query.",
    remedy: "Please report this with the log file of the run.",
    exit: 70,
    retry: false,
  },
  ENGINE_OUT_OF_MEMORY: {
    meaning: "The engine ran out of its memory limit.",
    remedy: "Raise engine.memoryLimit, or give it a temporary folder with more space.",
    exit: 75,
    retry: false,
  },
  ENGINE_DIED: {
    meaning: "The engine process ended unexpectedly.",
    remedy: "It was replaced and the query tried again; if it dies again, report it with the log.",
    exit: 70,
    retry: true,
  },
  CANCELED: {
    meaning: "The run was interrupted.",
    remedy: "data-wrangler resume goes on where it stood.",
    exit: 130,
    retry: true,
  },
  INTERNAL: {
    meaning: "Something unexpected happened.",
    remedy: "Please report this with the stack trace in the log.",
    exit: 70,
    retry: false,
  },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;

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
  stack: z.string().optional(),
});
export type Failure = z.infer<typeof Failure>;

/** Any thrown thing as a {@link Failure}; what has no code of its own is INTERNAL. */
export function failureOf(error: unknown, at: string): Failure {
  const code: ErrorCode = isWranglerError(error) ? error.code : "INTERNAL";
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? stackOf(error) : undefined;
  return { code, message, remedy: ERRORS[code].remedy, at, ...(stack ? { stack } : {}) };
}

/** The exit status that belongs to an error; 70 for what has no code. */
export function exitOf(error: unknown): number {
  return isWranglerError(error) ? ERRORS[error.code].exit : ERRORS.INTERNAL.exit;
}

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by: ${stackOf(error.cause)}` : own;
}
