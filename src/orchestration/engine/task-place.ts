import type { AccountWorld, TaskTerms } from "./task-world.ts";
import { until } from "./until.ts";
import type { TaskDefinition } from "../workflow.ts";

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
  world: Pick<AccountWorld, "limiter" | "limits" | "pace">,
  request: PlaceRequest,
): Promise<(() => void) | undefined> {
  const { account, task, terms, waitMs, signals, onQueued } = request;
  if (terms.unlimited === true || terms.weightOf(task) === "none") return () => {};
  const turn = world.pace?.(account);
  if (!turn) return placeNow(world, request);
  onQueued();
  const askedMs = performance.now();
  const itsTurn = await until(
    waitMs,
    signals,
    turn.then(() => true),
  );
  if (itsTurn !== true) return undefined;
  const leftMs = waitMs === undefined ? undefined : waitMs - (performance.now() - askedMs);
  return placeNow(world, { ...request, waitMs: leftMs, onQueued: () => {} });
}

async function placeNow(
  { limiter, limits }: Pick<AccountWorld, "limiter" | "limits">,
  { account, task, terms, waitMs, signals, onQueued }: PlaceRequest,
): Promise<(() => void) | undefined> {
  const leave = new AbortController();
  const turn = limiter.acquire(
    {
      account,
      runId: terms.parallelKey,
      limits,
      maxParallelOfRun: terms.maxParallel,
      kind: task.kind,
      heavy: terms.weightOf(task) === "heavy",
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
