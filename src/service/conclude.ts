/** The end of a run, or of this process's part in it. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Settings } from "../config/index.ts";
import { type Log, stableJson, writeText } from "../core/index.ts";
import {
  type AccountSummary,
  type AttemptRecord,
  type RunControl,
  type RunRecord,
  type RunResult,
  type RunStatus,
  type TaskRecord,
  type WorkflowDefinition,
  workflowStatus,
} from "../orchestration/index.ts";
import { renderRunReport } from "../reports/index.ts";
import type { Store } from "../stores/index.ts";
import { taskKind } from "../tasks/index.ts";
import { workflowOf } from "./active-run.ts";

interface ConcludeDeps {
  readonly store: Store;
  readonly tool: string;
  /** Whether what tasks gave is kept encrypted, and so nowhere in plain. */
  readonly sealed: boolean;
}

interface Ending {
  readonly run: RunRecord;
  readonly settings: Settings;
  readonly control: RunControl;
  readonly folder: string;
  readonly log: Log;
  /** Milliseconds since this process took the run up. */
  readonly spent: () => number;
}

/** Note how a run stands after its graph has returned. Of one that has ended, keep what is needed. */
export async function conclude(deps: ConcludeDeps, ending: Ending): Promise<RunResult> {
  const { store } = deps;
  const { run, settings, control, log, spent } = ending;
  const { runId } = run;
  const status = statusOf(store, run, settings, control);
  const endedAt = new Date().toISOString();
  // Before the end is noted: a run that was killed here is resumed, one that has ended is not.
  if (status !== "WAITING") await writeRecords(deps, ending, { status, endedAt });
  await note(store, runId, { status, endedAt }, spent());
  log.info({ status, durationMs: spent() }, "run finished");
  if (status !== "WAITING") {
    await tidyUp(deps, ending).catch((error: unknown) => {
      // The run has ended and stays so; what was left is taken up with the next one.
      log.warn({ err: error }, "tidying up failed");
    });
  }
  return {
    run: store.runs.get(runId) ?? run,
    tasks: inFileOrder(tasksOf(store, run), run.accounts, workflowOf(settings)),
    accounts: inOrder(store.runs.summaries(runId), run.accounts),
    durationMs: spent(),
  };
}

async function tidyUp({ store }: ConcludeDeps, { run, settings, folder }: Ending): Promise<void> {
  await removeWorkingFiles(store, run, folder);
  store.compact(run.runId);
  await store.prune(settings.retention);
}

/** A run that cannot go on for a reason outside its tasks. */
export async function giveUp(
  { store }: ConcludeDeps,
  runId: string,
  durationMs: number,
): Promise<void> {
  const end = { status: "FAILED", endedAt: new Date().toISOString() } as const;
  await note(store, runId, end, durationMs);
}

type End = Pick<RunRecord, "status"> & { readonly endedAt: string };

async function note(store: Store, runId: string, { status, endedAt }: End, durationMs: number) {
  if (status === "WAITING") store.runs.setStatus(runId, status);
  else store.runs.end(runId, status, endedAt);
  store.clearRequest(runId);
  await store.recordRunEvent(runId, { type: "run-finished", status, durationMs });
}

/** Accounts as they were asked for, tasks as in the file, each followed by what is nested in it. */
export function inFileOrder(
  tasks: readonly TaskRecord[],
  accounts: readonly string[],
  { tasks: declared }: WorkflowDefinition,
): TaskRecord[] {
  const places = new Map(declared.map(({ id }, place) => [id, place]));
  const placeOf = ({ task }: TaskRecord) => places.get(task.split("/", 1)[0] ?? "") ?? 0;
  return tasks.toSorted(
    (a, b) => accounts.indexOf(a.account) - accounts.indexOf(b.account) || placeOf(a) - placeOf(b),
  );
}

/** All tasks of a run, by account. */
export function tasksOf(store: Store, { runId, accounts }: RunRecord): TaskRecord[] {
  return accounts.flatMap((account) => store.readAccount(runId, account).tasks());
}

function statusOf(
  store: Store,
  run: RunRecord,
  settings: Settings,
  control: RunControl,
): RunStatus {
  const { tasks } = workflowOf(settings);
  const failed = new Set(
    store.runs
      .summaries(run.runId)
      .filter(({ failure }) => failure !== null)
      .map(({ account }) => account),
  );
  const statuses = run.accounts.flatMap((account) => {
    if (failed.has(account)) return ["FAILED" as const];
    const records = new Map(
      store
        .readAccount(run.runId, account)
        .tasks()
        .map((record) => [record.task, record.status]),
    );
    return tasks.map(({ id }) => records.get(id) ?? "NOT_STARTED");
  });
  const status = workflowStatus(statuses);
  return control.canceled && status !== "COMPLETED" ? "CANCELED" : status;
}

/** For people and other programs: every task with its times and results, and the report page. */
async function writeRecords(
  { store, tool, sealed }: ConcludeDeps,
  { run, settings, folder }: Ending,
  end: End,
): Promise<void> {
  const { runId, accounts } = run;
  const views = accounts.map((account) => store.readAccount(runId, account));
  const tasks = views.flatMap((view) => view.tasks());
  const attempts = views.flatMap((view) => view.attempts());
  const effects = views.flatMap((view) => view.effects());
  if (!sealed) {
    await writeText(join(folder, "tasks.json"), stableJson({ tasks, attempts, effects }));
  }
  const page = renderRunReport({
    run: { ...(store.runs.get(runId) ?? run), ...end },
    tasks: sealed ? tasks.map(withoutResults) : tasks,
    attempts: sealed ? attempts.map(withoutResults) : attempts,
    effects: sealed ? effects.map((effect) => ({ ...effect, outcome: null })) : effects,
    accounts: inOrder(store.runs.summaries(runId), accounts),
    workflow: workflowOf(settings),
    tool,
  });
  await writeText(join(folder, "report.html"), page);
}

function withoutResults<Kept extends TaskRecord | AttemptRecord>(record: Kept): Kept {
  return { ...record, results: {} };
}

/** Staged tables and candidates go with the run; what commands said stays until it is pruned. */
async function removeWorkingFiles(store: Store, run: RunRecord, folder: string): Promise<void> {
  for (const { account, task, kind } of tasksOf(store, run)) {
    if (taskKind(kind)?.heavy !== true) continue;
    await rm(join(folder, "work", account, task), { recursive: true, force: true });
  }
}

/** Summaries in the order in which the accounts were asked for. */
function inOrder(
  summaries: readonly AccountSummary[],
  accounts: readonly string[],
): AccountSummary[] {
  return summaries.toSorted((a, b) => accounts.indexOf(a.account) - accounts.indexOf(b.account));
}
