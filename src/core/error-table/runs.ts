/** Runs and their store. */
import type { ErrorSpec } from "../error-spec.ts";

export const RUN_ERRORS = {
  RUN_DEADLINE: {
    meaning: "The workflow's deadline has passed.",
    remedy: "Raise deadline of the workflow; data-wrangler retry goes on with what is left.",
    exit: 75,
    retry: false,
    class: "TimeoutError",
  },
  RUN_BUSY: {
    meaning: "Another process is executing this run.",
    remedy: "Wait for it; data-wrangler status shows where it stands.",
    exit: 75,
    retry: true,
    class: "ResourceError",
  },
  RUN_LOST: {
    meaning: "Another process took over this run; this one stopped writing.",
    remedy: "data-wrangler status shows who goes on.",
    exit: 75,
    retry: true,
    class: "ResourceError",
  },
  RUN_ENDED: {
    meaning: "The run has ended.",
    remedy:
      "data-wrangler retry runs its failed tasks again, fork starts a new run from one of its tasks.",
    exit: 2,
    retry: false,
    class: "ConfigurationError",
  },
  STORE_UNUSABLE: {
    meaning: "The checkpoint store cannot be opened.",
    remedy: "Check the folder named under checkpoints and its permissions.",
    exit: 75,
    retry: true,
    class: "FileSystemError",
  },
  STORE_LOCKED: {
    meaning: "The checkpoint store cannot be opened with this key, or a record of it was altered.",
    remedy: "Set DATA_WRANGLER_KEY or DATA_WRANGLER_KEY_FILE to the key it was made with.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
  CANCELED: {
    meaning: "The run was interrupted.",
    remedy: "data-wrangler resume goes on where it stood.",
    exit: 130,
    retry: true,
    class: "CanceledError",
  },
  INTERNAL: {
    meaning: "Something unexpected happened.",
    remedy: "Please report this with the stack trace in the log.",
    exit: 70,
    retry: false,
    class: "InternalError",
  },
} as const satisfies Record<string, ErrorSpec>;
