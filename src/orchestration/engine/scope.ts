import { setMaxListeners } from "node:events";
import { endedTask, finished, freshTask, messageOf, STOPPED_WORKFLOW } from "./task-records.ts";
import { whileBusy } from "./busy.ts";
import { isSettled, workflowStatus } from "../rules/machine.ts";
import type { TaskRecord } from "../records.ts";
import type { RunStatus, TaskStatus } from "../status.ts";
import type { RunSlot } from "./start-times.ts";
import { runTask } from "./task-run.ts";
import type { AccountWorld, Perform, TaskTerms } from "./task-world.ts";
import { decide } from "../rules/trigger.ts";
import { type ExpectedDurations, urgencyIn } from "../rules/urgency.ts";
import type { TaskDefinition, WorkflowDefinition } from "../workflow.ts";
import { UNSTOPPED, withTimeout } from "./unstopped.ts";

/** A workflow at work: of an account in a run, or nested in a task of one. */
export interface Scope {
  readonly workflow: WorkflowDefinition;
  /** Path of a task in the journal. */
  pathOf(id: string): string;
  /**
   * Wait until a task may start, run it, and let those after it know.
   *
   * @returns Its record, settled and durable; undefined when it does not settle in this process.
   */
  run(id: string, perform: Perform): Promise<TaskRecord | undefined>;
  /** Records of its tasks, in the order of the file. */
  records(): readonly (TaskRecord | undefined)[];
  /** How it stands. */
  status(): RunStatus;
  /** Resolves when none of its tasks is at work any more; how each ended is for its caller to hear. */
  ended(): Promise<void>;
  close(): void;
}

export interface ScopeTerms {
  readonly workflow: WorkflowDefinition;
  /** Path of the task that it is nested in; "" for that of the run. */
  readonly outer: string;
  /** When it began, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly weightOf: TaskTerms["weightOf"];
  /** Of a run that a schedule started. */
  readonly slot?: RunSlot;
  /** How long its tasks took before, by id: those with most behind them go first. */
  readonly expected?: ExpectedDurations;
  /** Whose limit of parallel tasks holds; that of the workflow itself when left out. */
  readonly parallel?: Pick<TaskTerms, "parallelKey" | "maxParallel">;
}

/** A task, its path, and who does its work. */
interface Turn {
  readonly task: TaskDefinition;
  readonly path: string;
  readonly perform: Perform;
}

type Verdict =
  | { readonly is: "run" }
  | { readonly is: "suspend" }
  | { readonly is: "skip" | "cancel"; readonly reason: string };

/**
 * All tasks of a workflow, each behind a gate. A gate opens the moment the trigger rule of its task
 * is certain, whatever else is still at work: there is no barrier between tasks.
 */
export function openScope(world: AccountWorld, terms: ScopeTerms): Scope {
  return new Gates(world, terms);
}

class Gates implements Scope {
  readonly workflow: WorkflowDefinition;
  readonly #world: AccountWorld;
  readonly #outer: string;
  readonly #terms: TaskTerms;
  readonly #tasks: ReadonlyMap<string, TaskDefinition>;
  readonly #children = new Map<string, string[]>();
  readonly #status = new Map<string, TaskStatus>();
  readonly #suspended = new Set<string>();
  readonly #waiting = new Map<string, (verdict: Verdict) => void>();
  readonly #running = new Map<string, Promise<TaskRecord | undefined>>();
  readonly #halted = new AbortController();
  readonly #spent = new AbortController();
  readonly #stopped = new AbortController();
  readonly #undo: (() => void)[] = [];
  /** Tasks that their nodes have yet to ask for. */
  readonly #unasked = new Set<string>();
  /** All were asked for: until then a simulated clock stands still. */
  #begun = () => {};

  constructor(world: AccountWorld, terms: ScopeTerms) {
    const { workflow, outer, startedAt, weightOf, parallel, slot } = terms;
    this.workflow = workflow;
    this.#world = world;
    this.#outer = outer;
    const { deadlineMs, maxParallel, tasks } = workflow;
    this.#terms = {
      ...(parallel ?? { parallelKey: [world.journal.runId, outer].join("\n"), maxParallel }),
      deadlineAt: deadlineMs === null ? null : startedAt + deadlineMs,
      halted: this.#halted.signal,
      spent: this.#spent.signal,
      stopped: this.#stopped.signal,
      urgencyOf: urgencyIn(tasks, terms.expected),
      weightOf,
      ...(slot ? { slot } : {}),
    };
    // Every task that waits for its turn listens to them.
    setMaxListeners(0, this.#halted.signal, this.#spent.signal, this.#stopped.signal);
    this.#tasks = new Map(tasks.map((task) => [task.id, task]));
    for (const { id, dependsOn } of tasks) {
      for (const parent of dependsOn) {
        const children = this.#children.get(parent);
        if (children) children.push(id);
        else this.#children.set(parent, [id]);
      }
    }
    this.#takeStock();
    for (const { id } of tasks) if (!this.#status.has(id)) this.#unasked.add(id);
    if (this.#unasked.size > 0) this.#undo.push((this.#begun = world.clock.busy()));
    this.#listen();
  }

  pathOf(id: string): string {
    return this.#outer === "" ? id : `${this.#outer}/${id}`;
  }

  run(id: string, perform: Perform): Promise<TaskRecord | undefined> {
    const known = this.#running.get(id);
    if (known) return known;
    const running = this.#run(id, perform);
    this.#running.set(id, running);
    this.#unasked.delete(id);
    if (this.#unasked.size === 0) this.#begun();
    return running;
  }

  records(): readonly (TaskRecord | undefined)[] {
    return this.workflow.tasks.map(({ id }) => this.#world.journal.task(this.pathOf(id)));
  }

  status(): RunStatus {
    return workflowStatus(this.records().map((record) => record?.status ?? "NOT_STARTED"));
  }

  async ended(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  close(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** What the journal knows has settled is settled here, also where no node asks for it again. */
  #takeStock(): void {
    for (const [i, record] of this.records().entries()) {
      const task = this.workflow.tasks[i];
      if (!task || !record || !isSettled(record.status)) continue;
      this.#status.set(task.id, record.status);
      if (record.status === "FAILED" && record.reason === STOPPED_WORKFLOW) this.#stop(task.id);
    }
  }

  #listen(): void {
    const { control, clock } = this.#world;
    const { deadlineAt } = this.#terms;
    const review = () => this.#review();
    for (const signal of [control.draining, control.ending]) {
      signal.addEventListener("abort", review, { once: true });
      this.#undo.push(() => signal.removeEventListener("abort", review));
    }
    if (deadlineAt === null) return;
    const pass = () => {
      this.#halt("the deadline has passed");
      this.#spent.abort(this.#halted.signal.reason);
    };
    if (deadlineAt <= clock.now()) pass();
    else this.#undo.push(clock.after(deadlineAt - clock.now(), pass));
  }

  async #run(id: string, perform: Perform): Promise<TaskRecord | undefined> {
    const task = this.#tasks.get(id);
    if (!task) return undefined;
    const path = this.pathOf(id);
    const known = this.#world.journal.task(path);
    if (known && isSettled(known.status)) return known;
    let record: TaskRecord | undefined;
    try {
      record = await this.#carryOut(await this.#verdict(task), { task, path, perform });
    } finally {
      if (record) this.#settle(task, record);
      else this.#suspend(id);
    }
    return record;
  }

  #carryOut(verdict: Verdict, { task, path, perform }: Turn): Promise<TaskRecord | undefined> {
    if (verdict.is === "suspend") return Promise.resolve(undefined);
    if (verdict.is !== "run") return this.#leaveOut(verdict.is, verdict.reason, task, path);
    const world = { ...this.#world, perform };
    // A task that always runs does so in a workflow that was stopped as well.
    const free = task.trigger === "always" && !this.#world.control.canceled;
    if (!free) return runTask(world, this.#terms, task, path);
    const bound = this.#terms.deadlineAt === null ? task : withTimeout(task);
    return runTask(world, { ...this.#terms, ...UNSTOPPED }, bound, path);
  }

  /** A task that does not run: recorded like one that did, before those after it are told. */
  async #leaveOut(is: "skip" | "cancel", reason: string, task: TaskDefinition, path: string) {
    const { journal, clock } = this.#world;
    const fresh = journal.task(path) ?? freshTask(journal.account, path, task.kind);
    const end = { is: is === "skip" ? "skipped" : "canceled", reason } as const;
    const record = endedTask(fresh, end, new Date(clock.now()).toISOString());
    const entry = { tasks: [record], happenings: [finished(record)] };
    await whileBusy(clock, () => journal.commit(entry));
    return record;
  }

  #verdict(task: TaskDefinition): Promise<Verdict> {
    const verdict = this.#judge(task);
    if (verdict) return Promise.resolve(verdict);
    return new Promise((resolve) => this.#waiting.set(task.id, resolve));
  }

  /** What is certain about a task; undefined while something may still change it. */
  #judge({ id, trigger, dependsOn }: TaskDefinition): Verdict | undefined {
    const { control, journal } = this.#world;
    const begun = (journal.task(this.pathOf(id))?.attempts ?? 0) > 0;
    if (control.canceled) {
      // What an earlier process began is ended by its own run: it may have to clean up.
      return begun ? { is: "run" } : { is: "cancel", reason: messageOf(control.ending.reason) };
    }
    if (this.#halted.signal.aborted && trigger !== "always" && !begun) {
      return { is: "skip", reason: String(this.#halted.signal.reason) };
    }
    const parents = dependsOn.map((parent) => ({
      id: parent,
      status: this.#status.get(parent) ?? "NOT_STARTED",
    }));
    const decision = decide(trigger, parents);
    if (decision.is === "skip") return decision;
    if (decision.is === "run") return control.draining.aborted ? { is: "suspend" } : decision;
    const open = parents.filter(({ status }) => !isSettled(status));
    return open.every((parent) => this.#suspended.has(parent.id)) ? { is: "suspend" } : undefined;
  }

  #settle(task: TaskDefinition, { status, reason }: TaskRecord): void {
    this.#status.set(task.id, status);
    if (status === "FAILED" && reason === STOPPED_WORKFLOW) this.#stop(task.id);
    this.#tell(task.id);
  }

  #suspend(id: string): void {
    this.#suspended.add(id);
    this.#tell(id);
  }

  #tell(id: string): void {
    for (const child of this.#children.get(id) ?? []) this.#reviewOne(child);
  }

  #review(): void {
    for (const id of this.#waiting.keys()) this.#reviewOne(id);
  }

  #reviewOne(id: string): void {
    const resolve = this.#waiting.get(id);
    const task = this.#tasks.get(id);
    if (!resolve || !task) return;
    const verdict = this.#judge(task);
    if (!verdict) return;
    this.#waiting.delete(id);
    resolve(verdict);
  }

  #stop(failed: string): void {
    this.#halt(`${failed} failed and stops the workflow`);
    if (this.workflow.onCriticalFailure === "cancel") {
      this.#spent.abort(this.#halted.signal.reason);
      this.#stopped.abort(this.#halted.signal.reason);
    }
  }

  #halt(reason: string): void {
    if (this.#halted.signal.aborted) return;
    this.#halted.abort(reason);
    this.#world.log.warn({ outer: this.#outer, reason }, "workflow stopped");
    this.#review();
  }
}
