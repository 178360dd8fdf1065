import type { Settings } from "../config/index.ts";
import { isWranglerError, WranglerError } from "../core/index.ts";
import {
  descendantsOf,
  isTopLevel,
  type RunHooks,
  type RunRecord,
  type RunResult,
  type TaskRecord,
  type TaskSelection,
  whileBusy,
  type WorkflowDefinition,
} from "../orchestration/index.ts";
import { workflowOf } from "./active-run.ts";
import { inFileOrder, tasksOf } from "./conclude.ts";
import { execute, type ExecuteDeps, runFolderOf } from "./execute.ts";
import { newRun, type RunMade, type StartSlot } from "./new-run.ts";
import type { RunSettings } from "./run-settings.ts";
import { checkTask, type RunPlan, selected } from "./selection.ts";
import { cancelUnread } from "./steering.ts";

export interface RunnerDeps extends ExecuteDeps {
  readonly runSettings: RunSettings;
  /** Load what the settings' modules register, for a run that is taken up. */
  readonly loadModules: (settings: Settings) => Promise<void>;
}

/** Starts runs and takes them up again. */
export interface Runner {
  /** @throws What the slot's `create` threw: nothing was started. */
  start(
    settings: Settings,
    select?: TaskSelection,
    hooks?: RunHooks,
    slot?: StartSlot,
  ): Promise<RunResult>;
  resume(runId?: string, hooks?: RunHooks): Promise<RunResult>;
  retry(runId: string, task?: string, hooks?: RunHooks): Promise<RunResult>;
  fork(runId: string, from: string, hooks?: RunHooks): Promise<RunResult>;
  /** End a run that no process executes as canceled: what it began cleans up, nothing else is done. */
  end(run: RunRecord): Promise<void>;
}

export function runner(deps: RunnerDeps): Runner {
  const { store } = deps;
  return {
    async start(settings, select, hooks, slot) {
      const accounts = settings.accounts.map(({ id }) => id);
      const { workflow, takenOver } = selected(workflowOf(settings), accounts, select, store);
      const wanted = { settings, workflow, forkedFrom: null, slot };
      const made = await whileBusy(deps.clock, () => newRun(deps, wanted));
      return executeNew(deps, made, takenOver, hooks);
    },

    async resume(id, hooks) {
      const run = id === undefined ? latestUnfinished(deps) : known(deps, id);
      const { runId } = run;
      try {
        checkUnfinished(run);
        const settings = await readSettings(deps, run);
        // Another process may have ended it before the lease was ours.
        return await execute(deps, { run, settings, as: "resumed" }, hooks ?? {}, async () =>
          checkUnfinished(known(deps, runId)),
        );
      } catch (error) {
        const now = known(deps, runId);
        if (isWranglerError(error) && error.code === "RUN_ENDED" && now.status === "COMPLETED") {
          return await ended(deps, now);
        }
        throw error;
      }
    },

    retry: (id, task, hooks) => retry(deps, known(deps, id), task, hooks),

    async fork(id, from, hooks) {
      const run = known(deps, id);
      const settings = await readSettings(deps, run);
      const workflow = workflowOf(settings);
      checkTask(workflow, from);
      const takenOver = keptBefore(deps, run, workflow, from);
      const wanted = { settings, workflow, forkedFrom: run };
      const made = await whileBusy(deps.clock, () => newRun(deps, wanted));
      return executeNew(deps, made, takenOver, hooks);
    },

    async end(run) {
      // Whatever is the matter with its settings or modules, a run can be given up.
      const settings = await readSettings(deps, run).catch(() => undefined);
      if (!settings) return cancelUnread(store, run, deps.clock.now());
      await execute(deps, { run, settings, as: "canceled" }, {}, async () => {
        const now = known(deps, run.runId);
        if (now.status === "COMPLETED" || now.status === "FAILED" || now.status === "CANCELED") {
          throw hasEnded(now);
        }
      });
    },
  };
}

/** @param takenOver By account and task, the run that has its result. */
async function executeNew(
  deps: RunnerDeps,
  { run, settings }: RunMade,
  takenOver: RunPlan["takenOver"],
  hooks: RunHooks = {},
): Promise<RunResult> {
  return execute(deps, { run, settings, as: "started" }, hooks, async () => {
    for (const [account, tasks] of takenOver) {
      for (const [from, ids] of byRun(tasks)) {
        await deps.store.copyTasks(from, run.runId, account, ids);
      }
    }
  });
}

async function retry(
  deps: RunnerDeps,
  run: RunRecord,
  task: string | undefined,
  hooks: RunHooks = {},
): Promise<RunResult> {
  const { store } = deps;
  const { runId } = run;
  checkRetry(run, task);
  const settings = await readSettings(deps, run);
  const workflow = workflowOf(settings);
  if (task !== undefined) checkTask(workflow, task);
  return execute(deps, { run, settings, as: "resumed" }, hooks, async () => {
    checkRetry(known(deps, runId), task);
    const round = store.runs.raiseRound(runId);
    for (const account of run.accounts) {
      const again = toRunAgain(deps, run, account, workflow, task);
      // Of what did not complete, the effects that took place are not caused again.
      const [anew, further] = [true, false].map((completed) =>
        again.flatMap((one) => ((one.status === "COMPLETED") === completed ? [one.task] : [])),
      );
      await store.resetTasks(runId, account, anew ?? [], round);
      await store.resetTasks(runId, account, further ?? [], round, true);
    }
  });
}

function checkRetry(run: RunRecord, task: string | undefined): void {
  const { runId, status } = run;
  if (status === "IDLE" || (status === "COMPLETED" && task === undefined)) throw hasEnded(run);
  if (status === "RUNNING" || status === "WAITING") {
    const reason = `Run ${runId} has not ended: resume goes on with it.`;
    throw new WranglerError("USAGE", reason, { runId });
  }
}

function checkUnfinished(run: RunRecord): void {
  if (run.status !== "RUNNING" && run.status !== "WAITING") throw hasEnded(run);
}

async function readSettings(deps: RunnerDeps, { runId }: RunRecord): Promise<Settings> {
  return whileBusy(deps.clock, async () => {
    const settings = await deps.runSettings.read(runFolderOf(deps, runId));
    await deps.loadModules(settings);
    return settings;
  });
}

/** What a run completed and what is not after a task, by account, as taken over from that run. */
function keptBefore(
  { store }: RunnerDeps,
  { runId, accounts }: RunRecord,
  { tasks }: WorkflowDefinition,
  from: string,
): Map<string, ReadonlyMap<string, string>> {
  const redone = new Set([from, ...descendantsOf(tasks, from)]);
  const kept = ({ task, status }: TaskRecord) =>
    isTopLevel(task) && status === "COMPLETED" && !redone.has(task);
  return new Map(
    accounts.map((account) => {
      const records = store.readAccount(runId, account).tasks().filter(kept);
      return [account, new Map(records.map(({ task }) => [task, runId]))];
    }),
  );
}

function byRun(tasks: ReadonlyMap<string, string>): Map<string, string[]> {
  const runs = new Map<string, string[]>();
  for (const [task, run] of tasks) runs.set(run, [...(runs.get(run) ?? []), task]);
  return runs;
}

/** What did not complete; with a task given, that one and what did not complete after it. */
function toRunAgain(
  { store }: RunnerDeps,
  { runId }: RunRecord,
  account: string,
  { tasks }: WorkflowDefinition,
  task: string | undefined,
): TaskRecord[] {
  const after = task === undefined ? undefined : new Set(descendantsOf(tasks, task));
  return store
    .readAccount(runId, account)
    .tasks()
    .filter((record) => isTopLevel(record.task))
    .filter((record) => {
      if (record.task === task) return true;
      return record.status !== "COMPLETED" && (after?.has(record.task) ?? true);
    });
}

function known({ store }: RunnerDeps, runId: string): RunRecord {
  const run = store.runs.get(runId);
  if (!run) throw new WranglerError("RUN_UNKNOWN", `"${runId}".`, { runId });
  return run;
}

/** The latest that no live process executes; where there is none, the latest of all. */
function latestUnfinished({ store }: RunnerDeps): RunRecord {
  const unfinished = store.runs
    .list()
    .filter(({ status }) => status === "RUNNING" || status === "WAITING");
  const run = unfinished.find(({ runId }) => !store.holder(runId)) ?? unfinished[0];
  if (!run) throw new WranglerError("RUN_UNKNOWN", "No run is unfinished.");
  return run;
}

function hasEnded({ runId, status }: RunRecord): WranglerError {
  return new WranglerError("RUN_ENDED", `Run ${runId} is ${status}.`, { runId, status });
}

async function ended(deps: RunnerDeps, run: RunRecord): Promise<RunResult> {
  const { store } = deps;
  const workflow = workflowOf(await readSettings(deps, run));
  const tasks = inFileOrder(tasksOf(store, run), run.accounts, workflow);
  return { run, tasks, accounts: store.runs.summaries(run.runId), durationMs: 0 };
}
