/** The end of a run, or of this process's part in it. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Settings } from "../config/index.ts";
import { type Clock, type Log, stableJson, writeText } from "../core/index.ts";
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
import type { Lease, Store } from "../stores/index.ts";
import { taskKind } from "../tasks/index.ts";
import { workflowOf } from "./active-run.ts";
import { cancelTasks } from "./cancel-tasks.ts";
import { type KeptAccount, keptAccounts } from "./kept-accounts.ts";

interface ConcludeDeps {
  readonly store: Store;
  readonly clock: Pick<Clock, "now">;
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
  if (control.canceled) await cancelLeft(deps, run, log);
  const kept = keptAccounts(store, run, log);
  const status = statusOf(store, kept, ending);
  const endedAt = status === "WAITING" ? null : timeOf(deps);
  // Before the end is noted: a run that was killed here is resumed, one that has ended is not.
  if (endedAt !== null) await writeRecords(deps, ending, kept, { status, endedAt });
  const waitsFor = status === "WAITING" ? whatFor(store, ending) : null;
  await store.finishRun(runId, { status, endedAt, durationMs: spent(), waitsFor });
  log.info({ status, waitsFor, durationMs: spent() }, "run finished");
  if (status !== "WAITING") {
    await tidyUp(deps, ending, kept).catch((error: unknown) => {
      // The run has ended and stays so; what was left is taken up with the next one.
      log.warn({ err: error }, "tidying up failed");
    });
  }
  return {
    run: store.runs.get(runId) ?? run,
    tasks: inFileOrder(
      kept.flatMap(({ tasks }) => tasks),
      run.accounts,
      workflowOf(settings),
    ),
    accounts: inOrder(store.runs.summaries(runId), run.accounts),
    durationMs: spent(),
  };
}

function timeOf({ clock }: Pick<ConcludeDeps, "clock">): string {
  return new Date(clock.now()).toISOString();
}

/** What a run waits for that has not ended: it was told to stop, or nothing is left but what asks. */
function whatFor(store: Store, { run, control }: Ending): RunRecord["waitsFor"] {
  if (store.requested(run.runId) === "pause") return "resume";
  return control.draining.aborted ? "process" : "person";
}

/** What was at work in parts that no task of this process led to: steps that were cut short, say. */
async function cancelLeft(
  { store, clock }: ConcludeDeps,
  { runId, accounts }: RunRecord,
  log: Log,
): Promise<void> {
  for (const account of accounts) {
    await cancelTasks(store, runId, account, clock.now()).catch((error: unknown) => {
      log.error({ account, err: error }, "the tasks of the account cannot be noted as canceled");
    });
  }
}

async function tidyUp(
  { store }: ConcludeDeps,
  { run, settings, folder }: Ending,
  kept: readonly KeptAccount[],
): Promise<void> {
  await removeWorkingFiles(kept, folder);
  store.compact(run.runId);
  await store.prune(settings.retention);
}

interface GivenUp {
  readonly runId: string;
  readonly lease: Lease;
  readonly durationMs: number;
  readonly log: Log;
}

/** A run that cannot go on for a reason outside its tasks. It is that reason which its caller throws. */
export async function giveUp(
  { store, clock }: Pick<ConcludeDeps, "store" | "clock">,
  { runId, lease, durationMs, log }: GivenUp,
): Promise<void> {
  const endedAt = timeOf({ clock });
  try {
    if (lease.isHeld()) await store.finishRun(runId, { status: "FAILED", endedAt, durationMs });
  } catch (error) {
    log.error({ err: error }, "the end of the run could not be noted");
  }
}

type End = Pick<RunRecord, "status"> & { readonly endedAt: string };

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
  kept: readonly KeptAccount[],
  { run, settings, control }: Ending,
): RunStatus {
  const { tasks } = workflowOf(settings);
  const failed = new Set(
    store.runs
      .summaries(run.runId)
      .filter(({ failure }) => failure !== null)
      .map(({ account }) => account),
  );
  const statuses = kept.flatMap(({ account, isReadable, tasks: records }) => {
    if (failed.has(account) || !isReadable) return ["FAILED" as const];
    const known = new Map(records.map(({ task, status }) => [task, status]));
    return tasks.map(({ id }) => known.get(id) ?? "NOT_STARTED");
  });
  const status = workflowStatus(statuses);
  return control.canceled && status !== "COMPLETED" ? "CANCELED" : status;
}

/** For people and other programs: every task with its times and results, and the report page. */
async function writeRecords(
  { store, tool, sealed }: ConcludeDeps,
  { run, settings, folder }: Ending,
  kept: readonly KeptAccount[],
  end: End,
): Promise<void> {
  const { runId, accounts } = run;
  const tasks = kept.flatMap((one) => one.tasks);
  const attempts = kept.flatMap((one) => one.attempts);
  const effects = kept.flatMap((one) => one.effects);
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
async function removeWorkingFiles(kept: readonly KeptAccount[], folder: string): Promise<void> {
  for (const { account, task, kind } of kept.flatMap(({ tasks }) => tasks)) {
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
