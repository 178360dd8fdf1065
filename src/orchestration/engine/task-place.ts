import { isWranglerError, WranglerError } from "../../core/index.ts";
import type { TaskRecord } from "../records.ts";
import type { TaskDefinition } from "../workflow.ts";
import { whileBusy } from "./busy.ts";
import { type StartTimes, tooLate } from "./start-times.ts";
import type { AccountWorld, TaskTerms } from "./task-world.ts";
import { type Alarm, until } from "./until.ts";

export interface PlaceRequest {
  readonly task: TaskDefinition;
  /** As it stands before the attempt that the place is for. */
  readonly record: TaskRecord;
  readonly times: StartTimes;
  readonly terms: TaskTerms;
  /** Any of them aborting leaves the queue. */
  readonly signals: readonly AbortSignal[];
  /** It does not get a place at once. */
  readonly onQueued: () => void;
}

type PlaceWorld = Pick<AccountWorld, "limiter" | "limits" | "pace" | "clock">;

/** How the wait for a place ended: with it and how to give it back, too late, or by a signal. */
export type Place = { readonly release: () => void } | { readonly late: WranglerError } | undefined;

/** Wait for a place within all limits that a task falls under, as long as it may wait. */
export async function takePlace(world: PlaceWorld, request: PlaceRequest): Promise<Place> {
  if (isOver(world, request)) return { late: latenessOf(world, request) };
  const patience = new AbortController();
  const undo = patienceOf(world, request).map(({ alarm, why }) =>
    alarm(() => patience.abort(why())),
  );
  try {
    const release = await place(world, {
      ...request,
      signals: [...request.signals, patience.signal],
    });
    if (release) return { release };
    const { reason }: { reason: unknown } = patience.signal;
    return isWranglerError(reason) ? { late: reason } : undefined;
  } finally {
    for (const clear of undo) clear();
  }
}

interface Patience {
  readonly alarm: Alarm;
  readonly why: () => WranglerError;
}

/** What ends the wait for the first attempt's place; none waits too long for another. */
function patienceOf(world: PlaceWorld, request: PlaceRequest): Patience[] {
  const { clock } = world;
  const { task, record, times } = request;
  if (record.attempts > 0) return [];
  const { latestMs, dueMs } = times;
  const { queueTimeoutMs } = task;
  const found: Patience[] = [];
  if (latestMs !== null) {
    const alarm: Alarm = (ring) => clock.at(latestMs, ring);
    found.push({ alarm, why: () => latenessOf(world, request) });
  }
  if (queueTimeoutMs !== null && record.readyAt !== null) {
    const fromMs = Math.max(Date.parse(record.readyAt), dueMs ?? 0);
    const text = `It waited ${queueTimeoutMs} ms for its turn.`;
    found.push({
      alarm: (ring) => clock.after(fromMs + queueTimeoutMs - clock.now(), ring),
      why: () => new WranglerError("QUEUE_TIMEOUT", text),
    });
  }
  return found;
}

/** Whether its latest time has passed already: nothing was there to start it by then. */
function isOver({ clock }: PlaceWorld, { record, times }: PlaceRequest): boolean {
  return record.attempts === 0 && times.latestMs !== null && clock.now() > times.latestMs;
}

function latenessOf({ clock }: PlaceWorld, { task, times }: PlaceRequest): WranglerError {
  return tooLate(task, clock.now(), times);
}

/** @returns How to give it back; undefined when the wait ended without one. */
async function place(world: PlaceWorld, request: PlaceRequest): Promise<(() => void) | undefined> {
  const { task, terms, record, signals, onQueued } = request;
  if (terms.unlimited === true || terms.weightOf(task) === "none") return () => {};
  const turn = world.pace?.(record.account);
  if (!turn) return placeNow(world, request);
  onQueued();
  const passed = turn.then(() => true);
  const itsTurn = await whileBusy(world.clock, () => until([], signals, passed));
  if (itsTurn !== true) return undefined;
  return placeNow(world, { ...request, onQueued: () => {} });
}

async function placeNow(
  { limiter, limits }: PlaceWorld,
  { task, terms, record, signals, onQueued }: PlaceRequest,
): Promise<(() => void) | undefined> {
  const leave = new AbortController();
  const turn = limiter.acquire(
    {
      account: record.account,
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
  const found = await until([], signals, noted);
  clearImmediate(asked);
  if (found) return found;
  leave.abort();
  // It may have been given a place in the very moment in which it left.
  void noted.then((release) => release()).catch(() => undefined);
  return undefined;
}
