import type { AccountWorld, TaskTerms } from "./task-world.ts";
import { until } from "./until.ts";
import type { TaskDefinition } from "./workflow.ts";

export interface PlaceRequest {
  readonly account: string;
  readonly task: TaskDefinition;
  readonly terms: TaskTerms;
  /** Longest wait in milliseconds; undefined: none. */
  readonly waitMs: number | undefined;
  /** Any of them aborting leaves the queue. */
  readonly signals: readonly AbortSignal[];
  /** It does not get a place at once. */
  readonly onQueued: () => void;
}

/**
 * Wait for a place within all limits that a task falls under.
 *
 * @returns How to give it back; undefined when the wait ended without one.
 */
export async function takePlace(
  { limiter, limits }: Pick<AccountWorld, "limiter" | "limits">,
  { account, task, terms, waitMs, signals, onQueued }: PlaceRequest,
): Promise<(() => void) | undefined> {
  const weight = terms.weightOf(task);
  if (terms.unlimited === true || weight === "none") return () => {};
  const leave = new AbortController();
  const turn = limiter.acquire(
    {
      account,
      runId: terms.parallelKey,
      limits,
      maxParallelOfRun: terms.maxParallel,
      kind: task.kind,
      heavy: weight === "heavy",
      named: task.limits,
      priority: terms.urgencyOf(task.id),
    },
    leave.signal,
  );
  let placed = false;
  const noted = turn.then((release) => {
    placed = true;
    return release;
  });
  const asked = setImmediate(() => {
    if (!placed) onQueued();
  });
  const place = await until(waitMs, signals, noted);
  clearImmediate(asked);
  if (place) return place;
  leave.abort();
  // It may have been given a place in the very moment in which it left.
  void noted.then((release) => release()).catch(() => undefined);
  return undefined;
}
