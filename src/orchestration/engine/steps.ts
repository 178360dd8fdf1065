/** What a task does beside its work: recovering before another attempt, cleaning up at its end. */
import type { TaskRecord } from "../records.ts";
import type { StepDefinition } from "../rules/recovery.ts";
import type { TaskDefinition } from "../workflow.ts";
import { type RunControl, runControl } from "./run-control.ts";
import { stepAsTask } from "./task-records.ts";
import type { TaskEnd, TaskTerms, TaskWorld } from "./task-world.ts";
import { UNSTOPPED } from "./unstopped.ts";

/** Runs a task to its end. Steps are given it: it runs steps itself, and is told of in one place. */
type RunTask = (
  world: TaskWorld,
  terms: TaskTerms,
  task: TaskDefinition,
  path: string,
) => Promise<TaskRecord | undefined>;

/**
 * Run steps, one after the other. One that fails is logged and recorded; the rest run all the same.
 *
 * @param path Of all of them; each adds its number, counted from 1.
 * @returns Undefined when all have ended.
 */
export async function runSteps(
  world: TaskWorld,
  terms: TaskTerms,
  { steps, path }: { readonly steps: readonly StepDefinition[]; readonly path: string },
  runTask: RunTask,
): Promise<TaskEnd | undefined> {
  const own = { ...world, control: stepControl(world.control) };
  const unhindered = { ...terms, ...UNSTOPPED, unlimited: true };
  for (const [i, step] of steps.entries()) {
    const id = `${path}.${i + 1}`;
    const record = await runTask(own, unhindered, stepAsTask(step, id), id);
    if (!record) return { is: "unsettled" };
    if (record.status !== "COMPLETED") {
      world.log.warn({ task: id, failure: record.failure }, "step failed");
    }
  }
  return undefined;
}

/** Steps end with their task when the run drains; a run canceled for good still cleans up. */
function stepControl(control: RunControl): RunControl {
  return control.canceled
    ? runControl()
    : { ...control, draining: control.ending, ending: control.ending, canceled: false };
}
