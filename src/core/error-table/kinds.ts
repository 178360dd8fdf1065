import type { ErrorSpec } from "../error-spec.ts";

/** What goes wrong between a task and the world outside. */
export const KIND_ERRORS = {
  SECRET_MISSING: {
    meaning: "A secret is not there.",
    remedy:
      "Set the environment variable, or NAME_FILE with the path of a file that holds it, or a systemd credential of that name.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
  PATH_OUTSIDE: {
    meaning: "A name leads outside of the folder that it belongs in.",
    remedy: "Use a plain file name, or a path below the folder.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
  ADDRESS_REFUSED: {
    meaning: "An address is in a private or reserved network.",
    remedy: "If it is meant to be reached, list it under the task's `allowPrivate`.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
  REDIRECT_REFUSED: {
    meaning: "A redirect leads where a request must not go.",
    remedy: "If that is where it should go, give the address that it leads to.",
    exit: 65,
    retry: false,
    class: "ApplicationError",
  },
  HOST_KEY_WRONG: {
    meaning: "A server shows another key than the one that it is known by.",
    remedy:
      "Ask whoever runs it whether its key has changed; if so, put the new fingerprint under `hostKey`. If not, something stands between.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
  DOWNLOAD_FAILED: {
    meaning: "A download broke off, or its source is out of order.",
    remedy:
      "Try again later; what came is kept and the rest asked for, where the source can do that.",
    exit: 75,
    retry: true,
    class: "NetworkError",
  },
  DOWNLOAD_REFUSED: {
    meaning: "The source of a download refused it.",
    remedy: "Check the address and the credentials.",
    exit: 65,
    retry: false,
    class: "ApplicationError",
  },
  DOWNLOAD_INVALID: {
    meaning: "What was downloaded is not what was asked for.",
    remedy: "Compare the source with the size, type and checksum that the task expects.",
    exit: 65,
    retry: false,
    class: "InputError",
  },
  WORKBOOK_INVALID: {
    meaning: "A workbook cannot be read, or not be written as asked.",
    remedy: "Check that it is an XLSX file, and the sheets and columns that are named.",
    exit: 65,
    retry: false,
    class: "InputError",
  },
  EMAIL_INVALID: {
    meaning: "A message cannot be sent as it is.",
    remedy: "Check its addresses, template and attachments.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
  EMAIL_FAILED: {
    meaning: "A message could not be handed to the mail server.",
    remedy: "Try again later; check host, port and TLS when it stays so.",
    exit: 75,
    retry: true,
    class: "NetworkError",
  },
  EMAIL_REFUSED: {
    meaning: "The mail server refused a message for good.",
    remedy: "See what it answered; check sender, recipients and credentials.",
    exit: 65,
    retry: false,
    class: "ApplicationError",
  },
  NOTIFY_FAILED: {
    meaning: "A notification could not be delivered.",
    remedy: "Try again later; check the address when it stays so.",
    exit: 75,
    retry: true,
    class: "NetworkError",
  },
  NOTIFY_REFUSED: {
    meaning: "The receiver of a notification refused it.",
    remedy: "See what it answered; check address and secret.",
    exit: 65,
    retry: false,
    class: "ApplicationError",
  },
  RESTART_FAILED: {
    meaning: "A restart did not take place.",
    remedy: "Check the command and that the service may run it; see its output in the log.",
    exit: 75,
    retry: true,
    class: "ApplicationError",
  },
  TASK_LATE: {
    meaning: "A task could not start within its window.",
    remedy: "See what it waited for; widen its `window`, or run it with data-wrangler retry.",
    exit: 75,
    retry: false,
    class: "TimeoutError",
  },
} as const satisfies Record<string, ErrorSpec>;
