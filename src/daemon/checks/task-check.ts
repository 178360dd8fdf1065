import type { HealthCheck } from "../../orchestration/index.ts";
import { spanInWords } from "../../schedule/index.ts";
import type { TaskAtWork } from "../tasks-at-work.ts";
import { counted } from "./words.ts";

/** A task that takes so many times as long as it used to is not merely slow. */
const SLOWER = 5;

/** What is known of a task that has been at work for long. */
export interface TaskTerms {
  /** Its own time limit ends it. */
  readonly hasTimeout: boolean;
  /** It only waits for others. */
  readonly waits: boolean;
  /** Median of its past durations in milliseconds; undefined when it never ran to its end. */
  readonly usualMs: number | undefined;
}

interface TaskCheckDeps {
  readonly nowMs: number;
  readonly stuckAfterMs: number;
  /** Asked only of tasks that have been at work for long. */
  readonly termsOf: (task: TaskAtWork) => TaskTerms;
}

/** Whether a task is at work for so long that it seems to be stuck. */
export function taskCheck(
  atWork: readonly TaskAtWork[],
  { nowMs, stuckAfterMs, termsOf }: TaskCheckDeps,
): HealthCheck {
  const stuck = atWork.filter((task) => {
    const tookMs = nowMs - task.sinceMs;
    if (tookMs <= stuckAfterMs) return false;
    const { hasTimeout, waits, usualMs = 0 } = termsOf(task);
    return !hasTimeout && !waits && tookMs > SLOWER * usualMs;
  });
  const name = "tasks";
  const [longest] = stuck.toSorted((a, b) => a.sinceMs - b.sinceMs);
  if (!longest) {
    return { name, level: "ok", text: `${counted(atWork.length, "task")} at work.`, remedy: null };
  }
  const { runId, account, task, sinceMs } = longest;
  const others =
    stuck.length > 1 ? ` So ${stuck.length === 2 ? "is" : "are"} ${stuck.length - 1} more.` : "";
  return {
    name,
    level: "warning",
    text: `Task ${task} of ${account} in run ${runId} has been at work for ${spanInWords(nowMs - sinceMs)}.${others}`,
    remedy: `See what it does; data-wrangler cancel ${runId} ends it, a \`timeout\` would.`,
  };
}
