import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { foreseenDefinitions } from "../../helpers/foreseen-tasks.ts";
import {
  type ForeseenTask,
  listSchedulingMakespan,
  randomDag,
} from "../../helpers/reference-interpreter.ts";
import { workflowDefinition } from "../../helpers/workflow-definition.ts";
import { fullSaver, plainGraph, runPlain } from "./plain-langgraph.ts";
import { type Bench, type Execute, goodTask, quantile, withRuns } from "./workbench.ts";

const PARALLEL = [4, Number.POSITIVE_INFINITY];

/**
 * What runs a workflow on a machine: what is durable of it, how it is planned. In its second run we
 * know how long its tasks take.
 */
const WAYS = ["first", "second", "bare", "plain"] as const;
type Way = (typeof WAYS)[number];

/**
 * How long random workflows take from their first task's start to their last task's end, against the
 * best plan for their tasks. A bare scheduler that keeps nothing shows what the machine adds to it.
 */
export const makespan: Bench = async ({ folder, quick, say }) => {
  const dags = Array.from({ length: quick ? 4 : 30 }, (_, seed) => dagOf(seed));
  say(
    `\nmakespan of ${dags.length} random workflows, as a multiple of the list-scheduling optimum`,
  );
  say(
    "  parallel | first run: median, worst | second run | bare promises | plain LangGraph | first / bare, median",
  );
  const saver = fullSaver(join(folder, "plain.sqlite"));
  await withRuns(folder, {}, async (execute) => {
    await execute(runOf("warm", "warm", [goodTask("a", [])], 4));
    for (const parallel of PARALLEL) {
      const ratios: Record<Way, number[]> = { first: [], second: [], bare: [], plain: [] };
      for (const [seed, tasks] of dags.entries()) {
        const optimum = listSchedulingMakespan(tasks, durationsOf(tasks), parallel);
        const name = `dag-${parallel}-${seed}`;
        const first = await ourSpan(execute, runOf(`${name}-first`, name, tasks, parallel));
        const second = await ourSpan(execute, runOf(`${name}-second`, name, tasks, parallel));
        const bare = await bareSpan(tasks, parallel);
        const plain = await plainSpan(tasks, saver, name, parallel);
        const spans = { first, second, bare, plain };
        for (const way of WAYS) ratios[way].push(spans[way] / optimum);
      }
      const shown = WAYS.map((way) => {
        const values = ratios[way];
        return `${quantile(values, 0.5).toFixed(3)}, ${Math.max(...values).toFixed(3)}`;
      });
      const added = ratios.first.map((ours, i) => ours / (ratios.bare[i] ?? Number.NaN));
      const cells = [...shown, quantile(added, 0.5).toFixed(3)];
      say(`  ${String(parallel).padStart(8)} | ${cells.join(" | ")}`);
    }
  });
  saver.db.close();
};

async function ourSpan(execute: Execute, run: ReturnType<typeof runOf>): Promise<number> {
  const span = spanOf();
  const seen = new Set(["task-started", "task-finished"]);
  await execute({ ...run, onEvent: ({ type }) => seen.has(type) && span.note() });
  return span.ms();
}

async function plainSpan(
  tasks: readonly ForeseenTask[],
  saver: SqliteSaver,
  thread: string,
  parallel: number,
): Promise<number> {
  const span = spanOf();
  const graph = plainGraph(tasks, saver, span);
  await runPlain(graph, thread, Number.isFinite(parallel) ? parallel : undefined);
  return span.ms();
}

/** Gates and places as promises, first come first served. */
async function bareSpan(tasks: readonly ForeseenTask[], parallel: number): Promise<number> {
  const span = spanOf();
  const done = new Map<string, Promise<void>>();
  const queue: (() => void)[] = [];
  let free = parallel;
  for (const { id, dependsOn, attempts } of tasks) {
    const work = async () => {
      await Promise.all(dependsOn.map((other) => done.get(other) ?? Promise.resolve()));
      if (free > 0) free--;
      else await new Promise<void>((resolve) => queue.push(resolve));
      span.note();
      await sleep(attempts[0]?.durationMs ?? 0);
      span.note();
      const next = queue.shift();
      if (next) next();
      else free++;
    };
    done.set(id, work());
  }
  await Promise.all(done.values());
  return span.ms();
}

/** From the first moment noted to the last. */
function spanOf() {
  let from: number | undefined;
  let to = 0;
  return {
    note() {
      to = performance.now();
      from ??= to;
    },
    ms: () => to - (from ?? to),
  };
}

function dagOf(seed: number): ForeseenTask[] {
  const traits = { triggers: 0, failures: 0, maxAttempts: 1, minMs: 10, maxMs: 200 };
  return randomDag(`bench-${seed}`, 20 + ((seed * 7) % 41), traits);
}

/** A workflow has a history of its own by its name. */
function runOf(runId: string, name: string, tasks: readonly ForeseenTask[], parallel: number) {
  const maxParallel = Number.isFinite(parallel) ? parallel : null;
  const workflow = { ...workflowDefinition(name, foreseenDefinitions(tasks)), maxParallel };
  return { runId, workflow, accounts: ["acme"] };
}

function durationsOf(tasks: readonly ForeseenTask[]): Map<string, number> {
  return new Map(tasks.map(({ id, attempts }) => [id, attempts[0]?.durationMs ?? 0] as const));
}
