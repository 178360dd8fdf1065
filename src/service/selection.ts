/** Part of a workflow: which tasks run, and from which earlier runs the others are taken over. */
import { didYouMean, WranglerError } from "../core/index.ts";
import {
  ancestorsOf,
  decide,
  descendantsOf,
  type TaskDefinition,
  type TaskSelection,
  type TaskStatus,
  topologicalOrder,
  type WorkflowDefinition,
} from "../orchestration/index.ts";
import type { LatestTask, Store } from "../stores/index.ts";

/** What is known of earlier runs. */
type Past = Pick<Store, "latestTasks" | "readAccount" | "runs">;

/** What a run is to do. */
export interface RunPlan {
  /** The workflow without the tasks that have no part in it. */
  readonly workflow: WorkflowDefinition;
  /** By account: the run that each task is taken over from. */
  readonly takenOver: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * The plan of a selection. Every task that is not run itself is taken over from the latest run that
 * completed it; one that nothing depends on is left out where there is none.
 *
 * @throws {WranglerError} TASK_UNKNOWN, or RUN_UNKNOWN when a task that is needed never completed.
 */
export function selected(
  workflow: WorkflowDefinition,
  accounts: readonly string[],
  select: TaskSelection | undefined,
  store: Past,
): RunPlan {
  if (!select) return { workflow, takenOver: new Map() };
  if ("failed" in select) return unfinished(workflow, accounts, store);
  const first = "only" in select ? select.only : select.from;
  checkTask(workflow, first);
  const { tasks } = workflow;
  const run = new Set([first, ...("from" in select ? descendantsOf(tasks, first) : [])]);
  const needed = new Set<string>();
  for (const id of run) {
    for (const before of ancestorsOf(tasks, id)) if (!run.has(before)) needed.add(before);
  }
  const takenOver = new Map(
    accounts.map((account) => {
      const done = store.latestTasks(workflow.name, account, undefined, ["COMPLETED"]);
      return [account, takeOver(needed, done, account)];
    }),
  );
  return { workflow: restrictedTo(workflow, new Set([...run, ...needed])), takenOver };
}

/** @throws {WranglerError} TASK_UNKNOWN, naming the known ones. */
export function checkTask({ name, tasks }: WorkflowDefinition, id: string): void {
  const known = tasks.map((task) => task.id);
  if (known.includes(id)) return;
  const reason = `Workflow ${name} has no task "${id}".${didYouMean(id, known)}`;
  throw new WranglerError("TASK_UNKNOWN", `${reason} Known: ${known.join(", ")}.`, { task: id });
}

/** What stands from earlier runs is taken over; the rest runs. */
function unfinished(
  workflow: WorkflowDefinition,
  accounts: readonly string[],
  store: Past,
): RunPlan {
  const order = new Map(store.runs.list().map(({ runId }, i, { length }) => [runId, length - i]));
  const takenOver = new Map(
    accounts.map((account) => {
      const madeIn = origins(account, store);
      // What is forgotten is older than all that is known.
      const ageOf = (found: LatestTask) => order.get(madeIn(found)) ?? 0;
      return [account, standing(workflow, store.latestTasks(workflow.name, account), ageOf)];
    }),
  );
  return { workflow, takenOver };
}

/**
 * The tasks that stand, and the run that each is taken over from: those that completed in their
 * latest run and whose predecessors stand too, made in the same run or before. One that its
 * predecessors had skipped, and have skipped again, is as if it stood.
 */
function standing(
  { tasks }: WorkflowDefinition,
  latest: ReadonlyMap<string, LatestTask>,
  ageOf: (found: LatestTask) => number,
): Map<string, string> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const taken = new Map<string, string>();
  const stands = new Map<string, { readonly status: TaskStatus; readonly age: number }>();
  for (const id of topologicalOrder(tasks)) {
    const found = latest.get(id);
    const { dependsOn = [], trigger = "all_success" } = byId.get(id) ?? {};
    const before = dependsOn.flatMap((one) => {
      const known = stands.get(one);
      return known ? [{ id: one, ...known }] : [];
    });
    if (!found || before.length < dependsOn.length) continue;
    const { status } = found.record;
    const youngest = Math.max(0, ...before.map(({ age }) => age));
    const age = ageOf(found);
    if (status === "COMPLETED" && age >= youngest) {
      taken.set(id, found.runId);
      stands.set(id, { status, age });
    }
    if (status === "SKIPPED" && decide(trigger, before).is === "skip") {
      stands.set(id, { status, age: youngest });
    }
  }
  return taken;
}

/** The run in which a result was made, which may have come through several since. */
function origins(account: string, store: Past): (found: LatestTask) => string {
  const known = new Map<string, ReadonlyMap<string, string | null>>();
  const takenFrom = (runId: string, task: string): string | null => {
    const tasks =
      known.get(runId) ??
      new Map(
        store
          .readAccount(runId, account)
          .tasks()
          .map((one) => [one.task, one.takenFrom]),
      );
    known.set(runId, tasks);
    return tasks.get(task) ?? null;
  };
  return ({ runId, record }) => {
    let origin = runId;
    for (let from = record.takenFrom; from !== null; from = takenFrom(from, record.task)) {
      origin = from;
    }
    return origin;
  };
}

function takeOver(
  needed: ReadonlySet<string>,
  done: ReadonlyMap<string, LatestTask>,
  account: string,
): Map<string, string> {
  const missing = [...needed].filter((id) => !done.has(id));
  if (missing.length > 0) {
    const reason = `No run has completed ${missing.join(", ")} for account ${account} yet: run the whole workflow first.`;
    throw new WranglerError("RUN_UNKNOWN", reason, { account, tasks: missing });
  }
  return new Map([...needed].map((id) => [id, done.get(id)?.runId ?? ""]));
}

function restrictedTo(workflow: WorkflowDefinition, ids: ReadonlySet<string>): WorkflowDefinition {
  const tasks: TaskDefinition[] = [];
  for (const task of workflow.tasks) {
    if (!ids.has(task.id)) continue;
    tasks.push({ ...task, dependsOn: task.dependsOn.filter((id) => ids.has(id)) });
  }
  return { ...workflow, tasks };
}
