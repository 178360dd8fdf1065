import type { TaskStatus } from "../../orchestration/index.ts";
import type { PALETTE } from "../palette.ts";

/** How a status looks: the palette's role of its colour, and whether its border is broken. */
interface StatusLook {
  readonly role: keyof (typeof PALETTE)["light"];
  readonly dash: boolean;
}

/** Looks of statuses. A colour never tells anything alone: the status stands beside it in words. */
export const STATUS_LOOKS: Readonly<Record<TaskStatus, StatusLook>> = {
  NOT_STARTED: { role: "before", dash: true },
  IN_PROGRESS: { role: "after", dash: false },
  COMPLETED: { role: "good", dash: false },
  FAILED: { role: "lost", dash: false },
  SKIPPED: { role: "before", dash: true },
  CANCELED: { role: "removed", dash: true },
  WAITING: { role: "aside", dash: true },
};

/** Statuses as a reader meets them in drawings and pages. */
export const STATUS_WORDS: Readonly<Record<TaskStatus, string>> = {
  NOT_STARTED: "not started",
  IN_PROGRESS: "in progress",
  COMPLETED: "completed",
  FAILED: "failed",
  SKIPPED: "skipped",
  CANCELED: "canceled",
  WAITING: "waiting",
};

/** Name of the style class of a status: `not-started`. */
export function statusClass(status: string): string {
  return status.toLowerCase().replaceAll("_", "-");
}
