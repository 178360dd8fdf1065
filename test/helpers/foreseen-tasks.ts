/** Foreseen tasks as tasks of a workflow: of a kind that does what was foreseen. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { TaskDefinition } from "../../src/orchestration/index.ts";
import { defineTaskKind } from "../../src/tasks/index.ts";
import type { ForeseenTask } from "./reference-interpreter.ts";
import { every, taskDefinition } from "./workflow-definition.ts";

const Foreseen = z.strictObject({
  attempts: z.array(z.strictObject({ durationMs: z.number(), succeeds: z.boolean() })),
});

/** Where tasks of a run wait to be let go, by the run's id; where there is none they sleep. */
const stages = new Map<string, (task: string, signal: AbortSignal) => Promise<void>>();

/** Have the foreseen tasks of a run wait for `turn`, once in each attempt, instead of sleeping. */
export function directRun(
  runId: string,
  turn: (task: string, signal: AbortSignal) => Promise<void>,
): void {
  stages.set(runId, turn);
}

/** Sleeps as long as its attempt was foreseen to take, then ends as foreseen. Zero does not sleep. */
const foreseenKind = defineTaskKind({
  name: "foreseen",
  description: "Does what was foreseen.",
  options: Foreseen,
  async run({ options, runId, task, attempt, signal }) {
    const foreseen = options.attempts[attempt - 1];
    if (!foreseen) throw new Error(`attempt ${attempt} was not foreseen`);
    const { durationMs, succeeds } = foreseen;
    const turn = stages.get(runId);
    if (turn) await turn(task, signal);
    else if (durationMs > 0) await sleep(durationMs, undefined, { signal });
    if (!succeeds) throw new Error(`attempt ${attempt} fails, as foreseen`);
    return { attempt };
  },
});

/** Definitions of these tasks; a failed attempt is made again at once, as often as was foreseen. */
export function foreseenDefinitions(tasks: readonly ForeseenTask[]): TaskDefinition[] {
  return tasks.map(({ id, dependsOn, trigger, critical, attempts }) => {
    const plain = taskDefinition(id, [...dependsOn]);
    const retry = every(0, attempts.length);
    const options = { attempts: attempts.map((one) => ({ ...one })) };
    return { ...plain, kind: foreseenKind.name, trigger, critical, retry, options };
  });
}
