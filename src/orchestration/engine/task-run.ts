import { errorClassOf, failureOf, isWranglerError, WranglerError } from "../../core/index.ts";
import { attempt, type AttemptEnd } from "./attempt.ts";
import { limitsOf } from "./attempt-limits.ts";
import type { JournalEntry } from "../journal.ts";
import { isSettled } from "../rules/machine.ts";
import type { AttemptRecord, TaskRecord } from "../records.ts";
import { afterFailure, overlayFor } from "../rules/after-failure.ts";
import type { StepDefinition } from "../rules/recovery.ts";
import { jitterShare, retryAfterMsOf } from "../rules/retry.ts";
import { lostAttempt, lostTooOften } from "./lost-attempts.ts";
import { runSteps } from "./steps.ts";
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
import { until } from "./until.ts";
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
  #record: TaskRecord;
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

  /** Wait until the next attempt is due. */
  async #untilDue(): Promise<TaskEnd | undefined> {
    const { nextAttemptAt } = this.#record;
    if (nextAttemptAt === null) return undefined;
    const { control, now } = this.#world;
    await until(Date.parse(nextAttemptAt) - now(), [control.draining, this.#barrier()]);
    return this.#hindrance();
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
    const { control, now } = this.#world;
    const { queueTimeoutMs } = this.#task;
    const { readyAt, attempts } = this.#record;
    const bounded = queueTimeoutMs !== null && attempts === 0 && readyAt !== null;
    const release = await takePlace(this.#world, {
      account: this.#id.account,
      task: this.#task,
      terms: this.#terms,
      waitMs: bounded ? Date.parse(readyAt) + queueTimeoutMs - now() : undefined,
      signals: [control.draining, this.#barrier()],
      onQueued: () => this.#tellQueued(),
    });
    if (!release) {
      const text = `It waited ${queueTimeoutMs} ms for its turn.`;
      return this.#hindrance() ?? this.#failed(new WranglerError("QUEUE_TIMEOUT", text));
    }
    try {
      return this.#hindrance() ?? (await this.#attempt());
    } finally {
      release();
    }
  }

  #tellQueued(): void {
    if (this.#record.attempts > 0) return;
    const happenings = [{ ...this.#id, type: "task-ready" } as const];
    // A lost run is noticed by the commit that starts the attempt.
    this.#commit({ tasks: [this.#record], happenings }).catch(() => undefined);
  }

  async #attempt(): Promise<TaskEnd | undefined> {
    const { now, perform, control, log } = this.#world;
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
    const end = await attempt((signal) => perform({ ...order, signal }), {
      limits: limitsOf(this.#task, {
        startedAt: Date.parse(startedAt),
        firstStartedAt: Date.parse(this.#record.startedAt ?? startedAt),
        deadlineAt: this.#terms.deadlineAt,
      }),
      signals: [control.ending, this.#terms.stopped],
      graceMs,
      now,
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
    if (this.#isDrained(error)) return this.#stoppedAtWork(ended, error, "");
    if (isWranglerError(error) && error.code === "EFFECT_UNCERTAIN") {
      return this.#waitForPerson(ended, error.message);
    }
    const failure = taskFailure(error, this.#at());
    const results = partialResults(error);
    return this.#followUp({ ...ended, status: "FAILED", failure, results }, error);
  }

  /** A nested workflow that was drained ends with this; nothing went wrong. */
  #isDrained(error: unknown): boolean {
    return this.#world.control.draining.aborted && errorClassOf(error) === "CanceledError";
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
    const { now, journal } = this.#world;
    const { failure, round, attempt: number } = failed;
    if (failure === null) throw new WranglerError("INTERNAL", `${this.#at()}: no failure.`);
    const endedAt = Date.parse(failed.endedAt ?? this.#time());
    const next = afterFailure({
      task: this.#task,
      errorClass: failure.class ?? "InternalError",
      attempts: [...this.#attempts().filter((one) => one.attempt !== number), failed],
      firstStartedAt: Date.parse(this.#record.startedAt ?? failed.startedAt),
      now: endedAt,
      share: jitterShare([journal.runId, this.#at(), round, number].join("\n")),
      retryAfterMs: retryAfterMsOf(error, now()),
    });
    if (next.do === "fail") {
      await this.#commit({ attempts: [{ ...failed, next: next.text, rule: next.rule }] });
      const stops = next.stops ?? this.#task.critical;
      return { is: "failed", failure, stops, results: failed.results };
    }
    const { rule, alternative, text, delayMs } = next;
    const nextAttemptAt = this.#record.nextAttemptAt ?? new Date(endedAt + delayMs).toISOString();
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
    await this.#commit({
      tasks: [record],
      attempts: this.#closing,
      happenings: [finished(record)],
    });
    return record;
  }

  #failed(error: WranglerError): TaskEnd {
    const failure = failureOf(error, this.#at());
    return { is: "failed", failure, stops: this.#task.critical, results: {} };
  }

  /** Of this round. */
  #attempts(): AttemptRecord[] {
    const { round } = this.#record;
    const all = this.#world.journal.attempts(this.#id.task);
    return all.filter((one) => one.round === round);
  }

  #commit(entry: JournalEntry): Promise<void> {
    return this.#world.journal.commit(entry);
  }

  #at(): string {
    return `${this.#id.account}/${this.#id.task}`;
  }

  #time(): string {
    return new Date(this.#world.now()).toISOString();
  }
}
