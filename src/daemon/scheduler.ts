import type { Settings } from "../config/index.ts";
import { type Clock, isWranglerError, type Log } from "../core/index.ts";
import type { RunRecord } from "../orchestration/index.ts";
import { decide, nextWakeMs, type ScheduleState, type SlotRecord } from "../schedule/index.ts";
import type { Store } from "../stores/index.ts";
import { RetryTimes } from "./retry-times.ts";
import type { RunOutcome, RunsAtWork } from "./runs-at-work.ts";
import { fateOf, type SlotFate } from "./slot-fate.ts";
import type { Tell } from "./voice.ts";
import { LOOK_EVERY_MS, type Waker, waker } from "./waker.ts";
import { isoOf, sentenceOf, settingsFor } from "./workshop.ts";

const NEVER = Number.POSITIVE_INFINITY;

export interface SchedulerDeps {
  readonly store: Pick<Store, "slots" | "runs" | "recoverSlots">;
  readonly clock: Clock;
  readonly atWork: RunsAtWork;
  readonly cancel: (runId: string) => Promise<RunRecord>;
  /** Those of the configuration that was read last. */
  readonly settings: () => Settings;
  /** Why nothing may be started now; null when it may. */
  readonly hindrance: () => string | null;
  /** Is called at each look, before slots are decided. */
  readonly onLook: () => void;
  readonly tell: Tell;
  readonly log: Log;
}

/** Starts a run for each slot at its time, as the ledger and the policies of schedules say. */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  readonly #waker: Waker;
  /** Slots whose run is about to be put on record, or to be canceled for another. */
  readonly #underway = new Set<string>();
  readonly #failures = new RetryTimes();
  #stopped = false;
  #lookedAt = performance.now();

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
    this.#waker = waker(deps.clock, () => this.look());
  }

  /** Milliseconds since it last looked, in real time. */
  sinceLook(): number {
    return performance.now() - this.#lookedAt;
  }

  /** Starts that failed, and will be tried again. */
  failures(): readonly { readonly key: string; readonly message: string }[] {
    return this.#failures.all();
  }

  /** Decide what has come due, start what is to be started, and see when to look again. */
  look(): void {
    if (this.#stopped) return;
    const { clock, log } = this.#deps;
    const done = clock.busy();
    try {
      this.#deps.onLook();
      this.#waker.setNext(this.#lookAt(clock.now()));
    } catch (error) {
      // a full disk or a busy file: what is due stays so
      log.error({ reason: sentenceOf(error) }, "the schedules could not be looked at");
      this.#waker.setNext(clock.now() + LOOK_EVERY_MS);
    } finally {
      this.#lookedAt = performance.now();
      done();
    }
  }

  /** Decide what came due by the schedules as they were, before they change. */
  decideAll(): void {
    const nowMs = this.#deps.clock.now();
    const pending = this.#pending();
    for (const state of this.#deps.store.slots.schedules()) {
      this.#decide(state, pending.get(state.definition.name) ?? [], nowMs);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#waker.stop();
  }

  /** When to look again. */
  #lookAt(nowMs: number): number | null {
    const { slots } = this.#deps.store;
    const states = slots.schedules();
    for (const slot of slots.ended(isoOf(nowMs))) this.#deps.tell({ type: "slot", slot });
    if (states.some(({ decidedUpTo }) => Date.parse(decidedUpTo) > nowMs)) {
      slots.reopen(isoOf(nowMs));
    }
    const pending = this.#pending();
    const times = states.map((state) =>
      this.#seeTo(state, pending.get(state.definition.name) ?? [], nowMs),
    );
    this.#failures.keep(new Set(slots.pending().map(keyOf)));
    const next = Math.min(...times);
    return Number.isFinite(next) ? next : null;
  }

  /** Gives when to look at a schedule again; what is wrong with it stops no other. */
  #seeTo(state: ScheduleState, pending: readonly SlotRecord[], nowMs: number): number {
    try {
      const added = this.#decide(state, pending, nowMs);
      const all = [...pending, ...added].toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
      const moveMs = this.#move(state, all, nowMs);
      return Math.min(this.#decidesAt(state, nowMs) ?? NEVER, moveMs ?? NEVER);
    } catch (error) {
      const { name } = state.definition;
      const reason = sentenceOf(error);
      this.#deps.log.error({ schedule: name, reason }, "a schedule could not be seen to");
      return nowMs + LOOK_EVERY_MS;
    }
  }

  /** Put on record what came due; gives what is to be started of it. */
  #decide(state: ScheduleState, pending: readonly SlotRecord[], nowMs: number): SlotRecord[] {
    const { store, tell } = this.#deps;
    const { definition, pausedAt } = state;
    const decisions = decide(definition, {
      decidedUpToMs: Date.parse(state.decidedUpTo),
      nowMs,
      paused: pausedAt !== null,
      previousAtWork: pending.some(({ dueAt }) => Date.parse(dueAt) <= nowMs),
    });
    if (decisions.length === 0) return [];
    const now = isoOf(nowMs);
    const added = store.slots.record(definition.name, decisions, now, now);
    for (const slot of added) tell({ type: "slot", slot });
    return added.filter(({ status }) => status === "DUE" || status === "QUEUED");
  }

  /** When there is something to decide again; what comes in a pause is decided after it. */
  #decidesAt({ definition, pausedAt, decidedUpTo }: ScheduleState, nowMs: number): number | null {
    if (pausedAt !== null || definition.paused) return null;
    return nextWakeMs(definition, Math.max(nowMs, Date.parse(decidedUpTo)));
  }

  /** See to the slots of a schedule that wait; gives when one of them is to be looked at again. */
  #move(state: ScheduleState, pending: readonly SlotRecord[], nowMs: number): number | null {
    const newest = pending.findLast(({ dueAt }) => Date.parse(dueAt) <= nowMs);
    const atWork = pending.filter(({ status }) => status === "STARTED");
    const before: SlotRecord[] = [];
    let nextMs: number | null = null;
    for (const slot of pending) {
      if (slot.status === "STARTED") continue;
      const fate = this.#fate(slot, { state, nowMs, atWork, before, newest });
      if (fate.do === "wait" && fate.untilMs !== null) {
        nextMs = Math.min(nextMs ?? fate.untilMs, fate.untilMs);
      }
      const over = this.#follow(slot, fate, state);
      if (!over && Date.parse(slot.dueAt) <= nowMs) before.push(slot);
    }
    return nextMs;
  }

  #fate(
    slot: SlotRecord,
    around: {
      readonly state: ScheduleState;
      readonly nowMs: number;
      readonly atWork: readonly SlotRecord[];
      readonly before: readonly SlotRecord[];
      readonly newest: SlotRecord | undefined;
    },
  ): SlotFate {
    const key = keyOf(slot);
    if (this.#underway.has(key)) return { do: "wait", untilMs: null };
    const { state, nowMs, newest } = around;
    const isReplaced = newest !== undefined && slot.dueAt < newest.dueAt;
    if (isReplaced && state.definition.overlap === "cancel_previous") {
      return { do: "settle", status: "SKIPPED", reason: "a later slot runs in its place" };
    }
    return fateOf(slot, {
      ...around,
      hindrance: this.#deps.hindrance(),
      againAtMs: this.#failures.waitsUntil(key, nowMs),
      failure: this.#failures.message(key),
    });
  }

  /** Gives whether the slot waits no more. */
  #follow(slot: SlotRecord, fate: SlotFate, state: ScheduleState): boolean {
    const { store, tell, clock } = this.#deps;
    switch (fate.do) {
      case "wait":
        return false;
      case "settle": {
        const { status, reason } = fate;
        const settled = store.slots.settle(slot, { status, reason, at: isoOf(clock.now()) });
        if (settled) tell({ type: "slot", slot: settled });
        return status !== "QUEUED";
      }
      case "cancel":
        void this.#cancel(slot, fate.slots);
        return false;
      case "start":
        void this.#start(slot, state);
        return false;
      default:
        return fate satisfies never;
    }
  }

  async #start(slot: SlotRecord, { definition }: ScheduleState): Promise<void> {
    const { atWork, store, tell, settings } = this.#deps;
    const key = keyOf(slot);
    const { schedule, dueAt } = slot;
    const { task } = definition;
    this.#underway.add(key);
    const outcome = await atWork.start({
      settings: settingsFor(settings(), definition),
      select: task === null ? undefined : { only: task },
      schedule,
      dueAt,
      create: (run) => {
        const started = store.slots.start(schedule, dueAt, run);
        this.#underway.delete(key);
        this.#failures.forget(key);
        tell({ type: "slot", slot: started });
        // one that is to take its place waited for it to begin
        if (definition.overlap === "cancel_previous") queueMicrotask(() => this.look());
      },
    });
    this.#underway.delete(key);
    if (!outcome.ok) this.#startFailed(key, outcome);
    this.look();
  }

  /** A run that did not begin leaves its slot due; one that did has a record that tells how it stands. */
  #startFailed(key: string, outcome: RunOutcome & { readonly ok: false }): void {
    const { clock, store, log, tell } = this.#deps;
    const { error, runId } = outcome;
    if (isWranglerError(error) && error.code === "SLOT_TAKEN") return;
    this.#failures.failed(key, sentenceOf(error), clock.now());
    if (runId === undefined || this.#stopped) return;
    try {
      const again = store.recoverSlots(isoOf(clock.now()), runId);
      for (const slot of again) tell({ type: "slot", slot });
    } catch (failure) {
      // it is done again when the service starts
      log.error({ run: runId, reason: sentenceOf(failure) }, "a slot could not be set back");
    }
  }

  async #cancel(slot: SlotRecord, earlier: readonly SlotRecord[]): Promise<void> {
    const { clock, cancel, log } = this.#deps;
    const key = keyOf(slot);
    const done = clock.busy();
    this.#underway.add(key);
    try {
      for (const { runId } of earlier) if (runId !== null) await cancel(runId);
    } catch (error) {
      this.#failures.failed(key, sentenceOf(error), clock.now());
      log.error({ slot: key, reason: sentenceOf(error) }, "an earlier run could not be canceled");
    } finally {
      this.#underway.delete(key);
      done();
    }
    this.look();
  }

  /**
   * Due, queued or at work, by schedule and time. A run that waits for a person is not at work, and holds
   * up no other.
   */
  #pending(): ReadonlyMap<string, readonly SlotRecord[]> {
    const { slots, runs } = this.#deps.store;
    const bySchedule = new Map<string, SlotRecord[]>();
    for (const slot of slots.pending()) {
      const { schedule, status, runId } = slot;
      const run = status === "STARTED" && runId !== null ? runs.get(runId) : undefined;
      if (run?.status === "WAITING" && run.waitsFor !== "process") continue;
      const known = bySchedule.get(schedule);
      if (known) known.push(slot);
      else bySchedule.set(schedule, [slot]);
    }
    return bySchedule;
  }
}

function keyOf({ schedule, dueAt }: SlotRecord): string {
  return `${schedule} ${dueAt}`;
}
