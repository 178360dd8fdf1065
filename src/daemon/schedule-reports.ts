/** How schedules stand, and when they are due. */
import type { ComingSlot, ScheduleReport } from "../orchestration/index.ts";
import {
  describeRule,
  nextSlots,
  type ScheduleDefinition,
  type SlotRecord,
  startOf,
} from "../schedule/index.ts";
import type { Store } from "../stores/index.ts";
import { isoOf } from "./workshop.ts";

/** Two years: what is later is none. */
const HORIZON_MS = 2 * 366 * 86_400_000;

/** A schedule, on record or not yet. */
export interface KnownSchedule {
  readonly definition: ScheduleDefinition;
  readonly configPath: string;
  /** By a person. */
  readonly pausedAt: string | null;
}

export function scheduleReport(
  known: KnownSchedule,
  slots: Pick<Store["slots"], "of">,
  nowMs: number,
): ScheduleReport {
  const { definition, configPath, pausedAt } = known;
  return {
    definition,
    configPath,
    rule: describeRule(definition),
    paused: isPaused(known),
    pausedAt,
    last: slots.of(definition.name, 1)[0] ?? null,
    next: comingOf(known, { nowMs, count: 1 })[0] ?? null,
  };
}

/** Soonest first. Slots that have come and wait for their share of the jitter are to come too. */
export function comingSlots(
  schedules: readonly KnownSchedule[],
  pending: readonly SlotRecord[],
  { nowMs, count }: { readonly nowMs: number; readonly count: number },
): ComingSlot[] {
  return schedules
    .flatMap((known) => [
      ...jitteredOf(known, pending, nowMs),
      ...comingOf(known, { nowMs, count }),
    ])
    .toSorted((a, b) => compare(a.startAt, b.startAt) || compare(a.schedule, b.schedule))
    .slice(0, count);
}

function comingOf(
  known: KnownSchedule,
  { nowMs, count }: { readonly nowMs: number; readonly count: number },
): ComingSlot[] {
  if (isPaused(known)) return [];
  const { definition } = known;
  return nextSlots(definition, nowMs, count)
    .filter((dueMs) => dueMs <= nowMs + HORIZON_MS)
    .map((dueMs) => slotOf(definition, isoOf(dueMs), isoOf(startOf(definition, dueMs))));
}

function jitteredOf(
  known: KnownSchedule,
  pending: readonly SlotRecord[],
  nowMs: number,
): ComingSlot[] {
  const { definition } = known;
  if (isPaused(known)) return [];
  return pending
    .filter(({ schedule, status }) => schedule === definition.name && status === "DUE")
    .filter(({ dueAt, startAt }) => Date.parse(dueAt) <= nowMs && Date.parse(startAt) > nowMs)
    .map(({ dueAt, startAt }) => slotOf(definition, dueAt, startAt));
}

function slotOf(
  { name, workflow, task, accounts }: ScheduleDefinition,
  dueAt: string,
  startAt: string,
): ComingSlot {
  return { schedule: name, workflow, task, accounts: accounts ?? [], dueAt, startAt };
}

function isPaused({ definition, pausedAt }: KnownSchedule): boolean {
  return definition.paused || pausedAt !== null;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
