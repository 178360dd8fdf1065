/** Tasks of a workflow: their work, their limits, their results and effects. */
import type { ErrorSpec } from "../error-spec.ts";

export const TASK_ERRORS = {
  TASK_FAILED: {
    meaning: "A task failed in its own work.",
    remedy: "See the message and the task's entry in data-wrangler history.",
    exit: 1,
    retry: false,
    class: "ApplicationError",
  },
  TASK_TIMEOUT: {
    meaning: "A task took longer than its time limit.",
    remedy: "Raise timeout or totalTimeout of the task, or find what holds it up.",
    exit: 75,
    retry: true,
    class: "TimeoutError",
  },
  QUEUE_TIMEOUT: {
    meaning: "A task waited too long for its turn.",
    remedy: "Raise queueTimeout of the task, or the limit that it waited for.",
    exit: 75,
    retry: true,
    class: "TimeoutError",
  },
  TASK_LOST: {
    meaning: "The process ended too often while this task was at work.",
    remedy: "See whether the task itself brings the process down; data-wrangler retry tries again.",
    exit: 70,
    retry: false,
    class: "InternalError",
  },
  COMMAND_FAILED: {
    meaning: "A command did not end as expected.",
    remedy: "See its output in the files named; expectedExitCodes says which ends are good.",
    exit: 1,
    retry: false,
    class: "ApplicationError",
  },
  COMMAND_MISSING: {
    meaning: "A command's program cannot be started.",
    remedy: "Check that it is installed, is executable and can be found from the task's folder.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
  NETWORK_FAILED: {
    meaning: "Something on the network did not answer as it should.",
    remedy:
      "Check the address and that the other side is up; the task is tried again by its policy.",
    exit: 75,
    retry: true,
    class: "NetworkError",
  },
  EFFECT_UNCERTAIN: {
    meaning: "It is not known whether an effect outside took place.",
    remedy: "Look there, then say so: data-wrangler resolve RUN --task TASK --as done or not-done.",
    exit: 75,
    retry: false,
    class: "ApplicationError",
  },
  REFERENCE_EMPTY: {
    meaning: "A task refers to a result that is not there.",
    remedy: "See how the other task ended; only all_success waits for it to complete.",
    exit: 65,
    retry: false,
    class: "InputError",
  },
  RESULT_INVALID: {
    meaning: "A task gave back something that is not plain JSON.",
    remedy:
      "Return texts, numbers, true, false, null, lists and maps of these; files by their path.",
    exit: 65,
    retry: false,
    class: "ConfigurationError",
  },
} as const satisfies Record<string, ErrorSpec>;
