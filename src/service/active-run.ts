import type { AccountSettings, Settings } from "../config/index.ts";
import { WranglerError } from "../core/index.ts";
import {
  type AccountWorld,
  type Journal,
  type Limiter,
  openScope,
  type RunControl,
  type Scope,
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
  reset(paths: readonly string[]): Promise<void>;
  /** Nested workflows by their task: each resolves when its last attempt has ended. */
  readonly nestedAtWork: Map<string, Promise<void>>;
  close(): Promise<void>;
}

/** A run that this process executes: what its graphs find under its id. */
export interface ActiveRun {
  readonly settings: Settings;
  /** Fingerprint of the settings. */
  readonly fingerprint: string;
  readonly recorder: RunRecorder;
  readonly accounts: Map<string, AccountRun>;
  open(run: RunRef, account: string): Promise<AccountRun>;
}

export interface ActiveRunParts {
  readonly store: Store;
  readonly settings: Settings;
  readonly control: RunControl;
  readonly limiter: Limiter;
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
  const { store, settings, control, limiter, runLog } = parts;
  const account = settings.accounts.find((one) => one.id === id);
  if (!account) throw new WranglerError("ACCOUNT_UNKNOWN", `"${id}".`, { account: id });
  const opened = store.openAccount(run.runId, id);
  const { journal, checkpointer } = opened;
  const world: AccountWorld = {
    journal,
    limiter,
    control,
    log: runLog.log.child({ account: id }),
    now: () => Date.now(),
  };
  const scopes = new Map<string, Scope>();
  const workflow = workflowOf(settings);
  // A nested workflow without a limit of its own falls under that of the run.
  const parallel = { parallelKey: run.runId, maxParallel: workflow.maxParallel };
  const open = (outer: string, of: WorkflowDefinition, by: RunControl, startedAt: number) => {
    const inherits = of.maxParallel === null ? { parallel } : {};
    const terms = { workflow: of, outer, startedAt, weightOf, ...inherits };
    const scope = openScope({ ...world, control: by }, terms);
    scopes.set(outer, scope);
    return scope;
  };
  open("", workflow, control, Date.parse(run.scheduledAt));

  return {
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
    nest: (outer, nested, of) => open(outer, nested, of, startOf(journal, outer)),
    // Nobody asked for it: effects that took place are not caused again.
    reset: (paths) => store.resetTasks(run.runId, id, paths, run.round, true),
    nestedAtWork: new Map(),
    async close() {
      for (const scope of scopes.values()) scope.close();
      await opened.close();
    },
  };
}

/** When a task that a workflow is nested in began: its deadline counts from there. */
function startOf(journal: Journal, outer: string): number {
  const startedAt = journal.task(outer)?.startedAt;
  return startedAt === undefined || startedAt === null ? Date.now() : Date.parse(startedAt);
}

function weightOf({ kind }: { readonly kind: string }): "heavy" | "light" | "none" {
  const found = taskKind(kind);
  if (found?.waits === true) return "none";
  return found?.heavy === true ? "heavy" : "light";
}
