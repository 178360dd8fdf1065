/** Part of a workflow: which tasks run, and from which earlier runs the others are taken over. */
import { didYouMean, WranglerError } from "../core/index.ts";
import {
  ancestorsOf,
  descendantsOf,
  type TaskDefinition,
  type TaskSelection,
  type WorkflowDefinition,
} from "../orchestration/index.ts";
import type { LatestTask, Store } from "../stores/index.ts";

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
  store: Pick<Store, "latestTasks">,
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

/** All that completed in the latest run is taken over; the rest runs. */
function unfinished(
  workflow: WorkflowDefinition,
  accounts: readonly string[],
  store: Pick<Store, "latestTasks">,
): RunPlan {
  const takenOver = new Map(
    accounts.map((account) => {
      const latest = store.latestTasks(workflow.name, account);
      const done = workflow.tasks.flatMap(({ id }): [string, string][] => {
        const found = latest.get(id);
        return found?.record.status === "COMPLETED" ? [[id, found.runId]] : [];
      });
      return [account, new Map(done)];
    }),
  );
  return { workflow, takenOver };
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
