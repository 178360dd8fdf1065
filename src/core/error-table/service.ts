import type { ErrorSpec } from "../error-spec.ts";

/** What goes wrong with continuous operation. */
export const SERVICE_ERRORS = {
  SCHEDULE_UNKNOWN: {
    meaning: "No such schedule in the configuration.",
    remedy: "data-wrangler schedule list shows them.",
    exit: 2,
    retry: false,
    class: "ConfigurationError",
  },
  SERVICE_BUSY: {
    meaning: "Another process is the service of this folder of checkpoints.",
    remedy: "Stop it first, or name another folder with --checkpoints.",
    exit: 75,
    retry: true,
    class: "ResourceError",
  },
  SLOT_TAKEN: {
    meaning: "A slot cannot be started: it is not waiting for it.",
    remedy: "data-wrangler schedule list shows what became of it.",
    exit: 75,
    retry: false,
    class: "ResourceError",
  },
  SERVICE_ADDRESS: {
    meaning: "The service cannot listen at its address.",
    remedy: "Choose another port under `service`, or end what uses it.",
    exit: 78,
    retry: false,
    class: "ConfigurationError",
  },
} as const satisfies Record<string, ErrorSpec>;
