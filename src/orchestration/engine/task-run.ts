import { errorClassOf, isWranglerError, WranglerError } from "../../core/index.ts";
import { attempt, type AttemptEnd } from "./attempt.ts";
import { limitsOf } from "./attempt-limits.ts";
import { whileBusy } from "./busy.ts";
import type { JournalEntry } from "../journal.ts";
import { maskedFailure } from "../masking.ts";
import { isSettled } from "../rules/machine.ts";
import type { AttemptRecord, TaskRecord } from "../records.ts";
import { overlayFor } from "../rules/after-failure.ts";
import type { StepDefinition } from "../rules/recovery.ts";
import { lostAttempt, lostTooOften } from "./lost-attempts.ts";
import { nextStep } from "./next-step.ts";
import { runSteps } from "./steps.ts";
import { type StartTimes, startTimesOf } from "./start-times.ts";
import { takePlace } from "./task-place.ts";
import {
  begunTask,
  endedTask,
  finished,
  freshAttempt,
  freshTask,
  messageOf,
  partialResults,
  taskFailure,
} from "./task-records.ts";
import type { TaskEnd, TaskTerms, TaskWorld } from "./task-world.ts";
import { type Alarm, until } from "./until.ts";
import type { TaskDefinition } from "../workflow.ts";

/**
 * Run a task to its end: wait for its turn, attempt it, try again by its rules, clean up. What the
 * journal knows of it is taken up where it stood.
 *
 * @returns Its record, settled and durable; undefined when the run ends or waits before the task has.
 * @throws {WranglerError} RUN_LOST when another process has taken the run over.
 */
export async function runTask(
  world: TaskWorld,
  terms: TaskTerms,
  task: TaskDefinition,
  path: string,
): Promise<TaskRecord | undefined> {
  return new TaskRun(world, terms, task, path).run();
}

class TaskRun {
  readonly #world: TaskWorld;
  readonly #terms: TaskTerms;
  readonly #task: TaskDefinition;
  readonly #id: { readonly account: string; readonly task: string };
  readonly #times: StartTimes;
  #record: TaskRecord;
  #isToldReady = false;
  /** The attempt that becomes durable with the end of the task. */
  #closing: readonly AttemptRecord[] = [];

  constructor(world: TaskWorld, terms: TaskTerms, task: TaskDefinition, path: string) {
    this.#world = world;
    this.#terms = terms;
    this.#task = task;
    const { account } = world.journal;
    this.#id = { account, task: path };
    const known = world.journal.task(path) ?? freshTask(account, path, task.kind);
    // Nothing was kept from it while no process was at work: its wait for a place begins anew.
    const readyAt = known.attempts > 0 || isSettled(known.status) ? known.readyAt : null;
    this.#record = { ...known, readyAt: readyAt ?? this.#time() };
    this.#times = startTimesOf(task, terms.slot, known.round);
  }

  async run(): Promise<TaskRecord | undefined> {
    if (isSettled(this.#record.status)) return this.#record;
    let end = await this.#takeStock();
    while (!end) end = (await this.#untilDue()) ?? (await this.#inTurn());
    return end.is === "unsettled" ? undefined : this.#finish(end);
  }

  /** What an earlier process left: an attempt that ended and was not followed up, or was lost with it. */
  async #takeStock(): Promise<TaskEnd | undefined> {
    const attempts = this.#attempts();
    const last = attempts.at(-1);
    if (last?.status === "COMPLETED") return { is: "done", results: last.results };
    // Nothing is tried again in a run that was canceled meanwhile.
    if (last?.status === "FAILED" && this.#world.control.canceled) return this.#hindrance();
    // Decided anew as it was then: what it decided must not count as one decision before it.
    if (last?.status === "FAILED")
      return this.#followUp({ ...last, rule: null, alternative: null });
    if (last?.status !== "IN_PROGRESS") return undefined;
    await this.#commit({ attempts: [lostAttempt(last, this.#time())] });
    // One that only waits for others is there whenever a process is lost, whichever of them is to blame.
    const waits = this.#terms.weightOf(this.#task) === "none";
    const reason = waits ? undefined : lostTooOften(attempts);
    return reason && this.#failed(reason);
  }

  /** Wait until the next attempt is due: the first one by the time of its day, others after a while. */
  async #untilDue(): Promise<TaskEnd | undefined> {
    const { control, clock } = this.#world;
    const isFirst = this.#record.attempts === 0;
    if (isFirst) await this.#noteItsTime();
    const { nextAttemptAt } = this.#record;
    if (nextAttemptAt === null) return undefined;
    const dueMs = Date.parse(nextAttemptAt);
    const alarm: Alarm = (ring) =>
      isFirst ? clock.at(dueMs, ring) : clock.after(dueMs - clock.now(), ring);
    await until([alarm], [control.draining, this.#barrier()]);
    return this.#hindrance();
  }

  async #noteItsTime(): Promise<void> {
    const { dueMs } = this.#times;
    if (dueMs === null || dueMs <= this.#world.clock.now()) return;
    const nextAttemptAt = new Date(dueMs).toISOString();
    if (this.#record.nextAttemptAt === nextAttemptAt) return;
    this.#record = { ...this.#record, nextAttemptAt };
    await this.#tellReady();
  }

  /** What keeps an attempt from starting, if anything does. */
  #hindrance(): TaskEnd | undefined {
    const { control } = this.#world;
    if (control.canceled) return { is: "canceled", reason: messageOf(control.ending.reason) };
    const barrier = this.#barrier();
    if (barrier.aborted) {
      const is = this.#record.attempts === 0 ? "skipped" : "canceled";
      return { is, reason: String(barrier.reason) };
    }
    return control.draining.aborted ? { is: "unsettled" } : undefined;
  }

  /** Aborts when there is to be no attempt; a task that is at work may be left to finish, retries included. */
  #barrier(): AbortSignal {
    return this.#record.attempts === 0 ? this.#terms.halted : this.#terms.spent;
  }

  /** Wait for a place within the limits, make an attempt, give the place back. */
  async #inTurn(): Promise<TaskEnd | undefined> {
    const place = await takePlace(this.#world, {
      task: this.#task,
      record: this.#record,
      times: this.#times,
      terms: this.#terms,
      signals: [this.#world.control.draining, this.#barrier()],
      // A lost run is noticed by the commit that starts the attempt.
      onQueued: () => void this.#tellReady().catch(() => undefined),
    });
    const hindrance = this.#hindrance();
    if (!place) return hindrance;
    if ("late" in place) return hindrance ?? this.#failed(place.late);
    try {
      return hindrance ?? (await this.#attempt());
    } finally {
      place.release();
    }
  }

  /** Its predecessors let it start; it still waits for its time or its turn. */
  async #tellReady(): Promise<void> {
    if (this.#record.attempts > 0 || this.#isToldReady) return;
    this.#isToldReady = true;
    const happening = { ...this.#id, type: "task-ready" } as const;
    await this.#commit({ tasks: [this.#record], happenings: [happening] });
  }

  async #attempt(): Promise<TaskEnd | undefined> {
    const { clock, perform, control, log } = this.#world;
    const startedAt = this.#time();
    const { kind, graceMs } = this.#task;
    const options = { ...this.#task.options, ...overlayFor(this.#task, this.#attempts()) };
    this.#record = begunTask(this.#record, startedAt);
    const { round, attempts: number } = this.#record;
    const begun = freshAttempt(this.#record, startedAt);
    await this.#commit({
      tasks: [this.#record],
      attempts: [begun],
      happenings: [{ ...this.#id, type: "task-started", kind, attempt: number }],
    });
    const path = this.#id.task;
    const order = { task: this.#task, path, round, attempt: number, options };
    const end = await attempt((given) => perform({ ...order, ...given }), {
      limits: limitsOf(this.#task, begun, this.#record, this.#terms.deadlineAt),
      signals: [control.ending, this.#terms.stopped],
      graceMs,
      clock,
      onLateEnd: () => log.warn({ task: path, attempt: number }, "abandoned work ended"),
    });
    return this.#afterAttempt(begun, end);
  }

  async #afterAttempt(begun: AttemptRecord, end: AttemptEnd): Promise<TaskEnd | undefined> {
    const ended = { ...begun, endedAt: this.#time() };
    if (end.is === "done") {
      const { results } = end;
      const completed = { ...ended, status: "COMPLETED" } as const;
      // With nothing to clean up, the ends of attempt and task are one record.
      if (this.#task.finally.length === 0) this.#closing = [completed];
      else await this.#commit({ attempts: [{ ...completed, results }] });
      return { is: "done", results };
    }
    const error = end.is === "failed" ? end.error : end.reason;
    if (end.is === "stopped") return this.#stoppedAtWork(ended, error, end.note);
    // A nested workflow that was drained ends with this, and what hands over; nothing went wrong.
    const isDrained = this.#world.control.draining.aborted;
    if (isDrained && errorClassOf(error) === "CanceledError") {
      return this.#stoppedAtWork(ended, error, "");
    }
    if (isWranglerError(error) && error.code === "EFFECT_UNCERTAIN") {
      return this.#waitForPerson(ended, messageOf(error));
    }
    const failure = taskFailure(error, this.#at());
    const results = partialResults(error);
    return this.#followUp({ ...ended, status: "FAILED", failure, results }, error);
  }

  async #stoppedAtWork(ended: AttemptRecord, error: unknown, note: string): Promise<TaskEnd> {
    const reason = messageOf(error);
    const next = [reason, note].filter(Boolean).join(" ");
    await this.#commit({ attempts: [{ ...ended, status: "CANCELED", next }] });
    const forGood = this.#world.control.canceled || this.#terms.stopped.aborted;
    return forGood ? { is: "canceled", reason } : { is: "unsettled" };
  }

  async #waitForPerson(ended: AttemptRecord, reason: string): Promise<TaskEnd> {
    this.#record = { ...this.#record, status: "WAITING", reason };
    await this.#commit({
      tasks: [this.#record],
      attempts: [{ ...ended, status: "CANCELED", next: "waits for a person" }],
      happenings: [{ ...this.#id, type: "task-waiting", reason }],
    });
    return { is: "unsettled" };
  }

  /** Decide about a failed attempt, and do what comes before the next one. */
  async #followUp(failed: AttemptRecord, error?: unknown): Promise<TaskEnd | undefined> {
    const { journal, clock } = this.#world;
    const { attempt: number, failure } = failed;
    if (failure === null) throw new WranglerError("INTERNAL", `${this.#at()}: no failure.`);
    const known = { task: this.#task, record: this.#record, journal, clock };
    const next = nextStep(known, failed, failure, error);
    if (next.do === "fail") {
      await this.#commit({ attempts: [{ ...failed, next: next.text, rule: next.rule }] });
      const stops = next.stops ?? this.#task.critical;
      return { is: "failed", failure, stops, results: failed.results };
    }
    const { rule, alternative, text, delayMs } = next;
    const nextMs = Date.parse(failed.endedAt ?? this.#time()) + delayMs;
    const nextAttemptAt = this.#record.nextAttemptAt ?? new Date(nextMs).toISOString();
    this.#record = { ...this.#record, nextAttemptAt };
    const told = { attempt: number, delayMs, next: text, message: failure.message };
    await this.#commit({
      tasks: [this.#record],
      attempts: [{ ...failed, next: text, rule, alternative }],
      happenings: [{ ...this.#id, type: "task-retrying", ...told }],
    });
    const left = await this.#runSteps(next.steps ?? [], `recover-${number}`);
    // Canceled meanwhile, it is not left for later: it cleans up and ends.
    return left && (this.#hindrance() ?? left);
  }

  #runSteps(steps: readonly StepDefinition[], name: string): Promise<TaskEnd | undefined> {
    return runSteps(this.#world, this.#terms, { steps, path: `${this.#id.task}/${name}` }, runTask);
  }

  async #finish(end: Exclude<TaskEnd, { is: "unsettled" }>): Promise<TaskRecord | undefined> {
    if (this.#record.attempts > 0) {
      const { onFailure, finally: always } = this.#task;
      const after = end.is === "failed" ? await this.#runSteps(onFailure, "onFailure") : undefined;
      if (after ?? (await this.#runSteps(always, "finally"))) return undefined;
    }
    const record = endedTask(this.#record, end, this.#time());
    this.#record = record;
    const happenings = [finished(record)];
    await this.#commit({ tasks: [record], attempts: this.#closing, happenings });
    return record;
  }

  #failed(error: WranglerError): TaskEnd {
    const failure = maskedFailure(error, this.#at());
    return { is: "failed", failure, stops: this.#task.critical, results: {} };
  }

  /** Of this round. */
  #attempts(): AttemptRecord[] {
    const { round } = this.#record;
    const all = this.#world.journal.attempts(this.#id.task);
    return all.filter((one) => one.round === round);
  }

  #commit(entry: JournalEntry): Promise<void> {
    const { clock, journal } = this.#world;
    return whileBusy(clock, () => journal.commit(entry));
  }

  #at(): string {
    return `${this.#id.account}/${this.#id.task}`;
  }

  #time(): string {
    return new Date(this.#world.clock.now()).toISOString();
  }
}
