import type { AccountSettings, Settings } from "../config/index.ts";
import { type Clock, WranglerError } from "../core/index.ts";
import {
  accountControl,
  type AccountWorld,
  type Limiter,
  openScope,
  type Pace,
  type PartControl,
  type RunControl,
  type Scope,
  type ScopeTerms,
  type WorkflowDefinition,
} from "../orchestration/index.ts";
import type { AccountStore, Store } from "../stores/index.ts";
import { taskKind } from "../tasks/index.ts";
import type { RunRecorder } from "./recorder.ts";
import type { RunLog } from "./run-log.ts";

/** A run as graphs are told of it; graphs/state.ts has this shape. */
export interface RunRef {
  readonly runId: string;
  readonly folder: string;
  /** Fingerprint of the settings. */
  readonly settings: string;
  readonly round: number;
  readonly scheduledAt: string;
  readonly startedAt: string;
}

/** One account's part of a run, at work; graphs/deps.ts has this shape. */
export interface AccountRun {
  readonly settings: Settings;
  readonly account: AccountSettings;
  readonly workflow: WorkflowDefinition;
  readonly world: AccountWorld;
  readonly scheduledAt: string;
  readonly checkpointer: AccountStore["checkpointer"];
  scope(outer: string): Scope;
  nest(outer: string, workflow: WorkflowDefinition, control: RunControl): Scope;
  unnest(outer: string, scope: Scope): Promise<void>;
  reset(paths: readonly string[]): Promise<void>;
  /** Nested workflows by their task: each resolves when its last attempt has ended. */
  readonly nestedAtWork: Map<string, Promise<void>>;
  /** Why it cannot go on; undefined while it can. */
  failure(): unknown;
  /** End it, and no other account: what is at work ends, and nothing more of it is recorded. */
  fail(error: unknown): void;
  close(): Promise<void>;
}

/** A run that this process executes: what its graphs find under its id. */
export interface ActiveRun {
  readonly settings: Settings;
  /** Fingerprint of the settings. */
  readonly fingerprint: string;
  /** Folder of its checkpoints. */
  readonly checkpointsFolder: string;
  readonly recorder: RunRecorder;
  readonly accounts: Map<string, AccountRun>;
  open(run: RunRef, account: string): Promise<AccountRun>;
  /** End what is still at work, and let go of all accounts. */
  close(): Promise<void>;
}

export interface ActiveRunParts {
  readonly store: Store;
  readonly settings: Settings;
  readonly control: RunControl;
  readonly limiter: Limiter;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly runLog: RunLog;
}

/** The workflow that a run is of. */
export function workflowOf(settings: Settings): WorkflowDefinition {
  const found = settings.workflows.find(({ name }) => name === settings.workflow);
  if (!found) throw new WranglerError("WORKFLOW_UNKNOWN", `"${settings.workflow}".`);
  return found;
}

/** Take up an account's part in a run: its journal, and the gates of its tasks. */
export function openAccountRun(parts: ActiveRunParts, run: RunRef, id: string): AccountRun {
  const { store, settings, limiter, pace, clock, runLog } = parts;
  const account = settings.accounts.find((one) => one.id === id);
  if (!account) throw new WranglerError("ACCOUNT_UNKNOWN", `"${id}".`, { account: id });
  const opened = store.openAccount(run.runId, id);
  const { journal, checkpointer } = opened;
  const control = accountControl(parts.control);
  const world: AccountWorld = {
    journal,
    limiter,
    pace,
    limits: settings.limits,
    control,
    log: runLog.log.child({ account: id }),
    clock,
  };
  const scopes = new Map<string, Scope>();
  const nestedAtWork = new Map<string, Promise<void>>();
  const workflow = workflowOf(settings);
  // A nested workflow without a limit of its own falls under that of the run.
  const parallel = { parallelKey: run.runId, maxParallel: workflow.maxParallel };
  const slot = slotOf(parts, run);
  const open = (outer: string, of: WorkflowDefinition, by: RunControl, startedAt: number) => {
    const inherits = of.maxParallel === null ? { parallel } : {};
    const past = outer === "" ? { expected: store.durations(of.name, id) } : {};
    const terms = { workflow: of, outer, startedAt, weightOf, ...inherits, ...past, ...slot };
    const scope = openScope({ ...world, control: by }, terms);
    scopes.set(outer, scope);
    return scope;
  };
  open("", workflow, control, Date.parse(run.startedAt));

  return {
    ...ending({ control, scopes, nestedAtWork, world, opened }),
    settings,
    account,
    workflow,
    world,
    scheduledAt: run.scheduledAt,
    checkpointer,
    scope(outer) {
      const scope = scopes.get(outer);
      if (!scope) throw new WranglerError("INTERNAL", `No workflow is at work in "${outer}".`);
      return scope;
    },
    nest: (outer, nested, of) => open(outer, nested, of, startOf(world, outer)),
    async unnest(outer, scope) {
      await scope.ended();
      scope.close();
      if (scopes.get(outer) === scope) scopes.delete(outer);
    },
    // Nobody asked for it: effects that took place are not caused again.
    reset: (paths) => store.resetTasks(run.runId, id, paths, run.round, true),
    nestedAtWork,
  };
}

interface Ending {
  readonly control: PartControl;
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly nestedAtWork: ReadonlyMap<string, Promise<void>>;
  readonly world: AccountWorld;
  readonly opened: AccountStore;
}

/** How an account's part in a run ends, by itself or with its run. */
function ending({
  control,
  scopes,
  nestedAtWork,
  world,
  opened,
}: Ending): Pick<AccountRun, "failure" | "fail" | "close"> {
  let failure: unknown;
  let closing: Promise<void> | undefined;
  let isOver = false;
  const close = async () => {
    // LangGraph leaves a graph with its other nodes at work when one throws; each ends within its grace.
    control.interrupt("Its account has ended.");
    await Promise.all([
      ...[...scopes.values()].map((scope) => scope.ended()),
      ...nestedAtWork.values(),
    ]);
    for (const scope of scopes.values()) scope.close();
    control.dispose();
    await opened.close();
    isOver = true;
  };
  return {
    failure: () => failure,
    fail(error) {
      // Work that was abandoned may have something to record when all is over.
      if (isOver || failure !== undefined) return;
      failure = error;
      world.log.error({ err: error }, "account cannot go on");
      control.interrupt("A record of its account could not be written.", error);
    },
    close: () => (closing ??= close()),
  };
}

/** When a task that a workflow is nested in began: its deadline counts from there. */
function startOf({ journal, clock }: AccountWorld, outer: string): number {
  const startedAt = journal.task(outer)?.startedAt;
  return startedAt === undefined || startedAt === null ? clock.now() : Date.parse(startedAt);
}

/** What times of the day are counted from, in a run that a schedule started. */
function slotOf({ store, settings }: ActiveRunParts, { runId }: RunRef): Pick<ScopeTerms, "slot"> {
  const run = store.runs.get(runId);
  if (!run || run.schedule === null) return {};
  return { slot: { dueMs: Date.parse(run.scheduledAt), timeZone: settings.timeZone } };
}

function weightOf({ kind }: { readonly kind: string }): "heavy" | "light" | "none" {
  const found = taskKind(kind);
  if (found?.waits === true) return "none";
  return found?.heavy === true ? "heavy" : "light";
}
