import { isGraphInterrupt } from "@langchain/langgraph";
import { type ErrorClass, WranglerError } from "../../src/core/index.ts";
import {
  type AttemptOrder,
  isSettled,
  isStep,
  nestedControl,
  type Perform,
  type TaskDefinition,
  type TaskRecord,
  type TaskResults,
  type WorkflowDefinition,
} from "../../src/orchestration/index.ts";
import type { TaskPorts } from "../../src/tasks/index.ts";
import type { AccountRun } from "../deps.ts";
import { nestedConfig } from "./nested.ts";
import type { TaskSurroundings } from "./task-surroundings.ts";

/** Another workflow as the work of a task: an account graph of its own, nested. */
export function nestedWorkflow(
  around: TaskSurroundings,
  order: AttemptOrder,
): TaskPorts["workflow"] {
  const { account } = around;
  return async (name) => {
    const workflow = account.settings.workflows.find((one) => one.name === name);
    if (!workflow) throw new WranglerError("WORKFLOW_UNKNOWN", `"${name}".`, { workflow: name });
    // An attempt that was given up may still be ending: no two of them work on the same tasks.
    await account.nestedAtWork.get(order.path);
    order.signal.throwIfAborted();
    const work = runNested(around, order, workflow);
    account.nestedAtWork.set(order.path, work.then(nothing, nothing));
    return work;
  };
}

/**
 * In a run that is canceled before a task that it had begun is at work again: what had begun in the
 * workflow nested there is ended, cleaning up included, as it would have been by an attempt at work.
 */
export async function endNested(
  around: TaskSurroundings,
  { kind, options }: TaskDefinition,
  path: string,
  perform: Perform,
): Promise<void> {
  const { account } = around;
  const { control, journal } = account.world;
  const record = journal.task(path);
  if (kind !== "workflow" || !control.canceled || !record) return;
  if (record.attempts === 0 || isSettled(record.status)) return;
  const workflow = account.settings.workflows.find(({ name }) => name === options["workflow"]);
  if (!workflow) return;
  const scope = account.nest(path, workflow, control);
  try {
    await Promise.all(
      workflow.tasks.map(async (task) => {
        await endNested(around, task, scope.pathOf(task.id), perform);
        await scope.run(task.id, perform);
      }),
    );
  } finally {
    await account.unnest(path, scope);
  }
}

/** How it ended is for the task to say. */
function nothing(): void {}

/** That tasks have not ended is told by their records. LangGraph throws it out of a nested graph. */
function unlessInterrupted(error: unknown): void {
  if (!isGraphInterrupt(error)) throw error;
}

async function runNested(
  { account, graphOf, run, config }: TaskSurroundings,
  order: AttemptOrder,
  workflow: WorkflowDefinition,
): Promise<TaskResults> {
  const outer = order.path;
  await startAfresh(account, order);
  const control = nestedControl(account.world.control, order.signal);
  const scope = account.nest(outer, workflow, control);
  try {
    const place = { run, account: account.account.id, outer, outcomes: {} };
    await order.whileWaiting(() =>
      graphOf(workflow).invoke(place, nestedConfig(config)).catch(unlessInterrupted),
    );
    const records = scope.records().filter((record) => record !== undefined);
    const status = scope.status();
    if (status === "COMPLETED") return resultsOf(records, outer);
    if (order.signal.aborted) throw order.signal.reason;
    // Also when some have failed: the others go on later.
    if (status === "WAITING") throw haltOf(records, control.draining.aborted);
    throw failureOf(records);
  } finally {
    // LangGraph leaves a graph with its other nodes at work when one throws.
    control.interrupt("Its workflow has ended.");
    await account.unnest(outer, scope);
    control.dispose();
  }
}

/** After a failed attempt, what did not complete in it is run again in this one. */
async function startAfresh(
  account: AccountRun,
  { path, round, attempt }: AttemptOrder,
): Promise<void> {
  const { journal } = account.world;
  const failed = journal
    .attempts(path)
    .findLast((one) => one.round === round && one.status === "FAILED");
  if (!failed) return;
  const again = journal
    .tasks()
    .filter(({ task }) => task.startsWith(`${path}/`) && !isStep(task))
    .filter(({ status, startedAt, endedAt }) => {
      // An attempt in between was lost with its process, perhaps before it came to this.
      const isOld =
        failed.attempt === attempt - 1 || (startedAt ?? endedAt ?? "") <= (failed.endedAt ?? "");
      return isSettled(status) && status !== "COMPLETED" && isOld;
    });
  await account.reset(again.map(({ task }) => task));
}

/** Results of the nested tasks by their ids. */
function resultsOf(records: readonly TaskRecord[], outer: string): TaskResults {
  return Object.fromEntries(
    records.map(({ task, results }) => [task.slice(outer.length + 1), results]),
  );
}

/** Why it did not complete, as an error of the task that it is nested in. */
function failureOf(records: readonly TaskRecord[]): Error {
  const failed = records.find(({ status }) => status === "FAILED");
  if (failed) return new NestedFailure(failed);
  return new WranglerError("CANCELED", "The nested workflow was canceled.");
}

/** Why it has not ended. */
function haltOf(records: readonly TaskRecord[], drained: boolean): Error {
  const waiting = records.find(({ status }) => status === "WAITING");
  if (waiting && !drained) {
    return new WranglerError("EFFECT_UNCERTAIN", `${waiting.task}: ${waiting.reason ?? ""}`);
  }
  return new WranglerError("CANCELED", "The nested workflow was interrupted.");
}

/** A nested task's failure: of the same class, so that the outer task's rules can name it. */
class NestedFailure extends Error {
  override readonly name = "NestedFailure";
  readonly errorClass: ErrorClass;

  constructor({ task, failure }: TaskRecord) {
    super(`${task}: ${failure?.message ?? ""}`);
    this.errorClass = failure?.class ?? "ApplicationError";
  }
}
