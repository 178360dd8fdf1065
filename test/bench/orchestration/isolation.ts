import { loadavg } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../../src/core/index.ts";
import { runControl, type TaskRecord } from "../../../src/orchestration/index.ts";
import { foreseenDefinitions } from "../../helpers/foreseen-tasks.ts";
import { type ForeseenTask, randomDag } from "../../helpers/reference-interpreter.ts";
import { workflowDefinition } from "../../helpers/workflow-definition.ts";
import { type Delay, delayOf, delayText } from "./event-loop-delay.ts";
import { isolationOfPrepare } from "./isolation-of-prepare.ts";
import { type Bench, type Execute, goodTask, quantile, withRuns } from "./workbench.ts";

/** Tasks of all accounts at once. */
const GLOBAL = 32;

/** An account beside one that hangs, one that floods and one that fails, against the same one alone. */
export const isolation: Bench = async (bench) => {
  await isolationOfTasks(bench);
  await isolationOfPrepare(bench);
};

const isolationOfTasks: Bench = async ({ folder, quick, say }) => {
  const repeats = quick ? 3 : 9;
  const flood = quick ? 100 : 500;
  const alone: Measured[] = [];
  const together: Measured[] = [];
  const floods: Delay[] = [];
  await withRuns(join(folder, "store"), { global: GLOBAL }, async (execute) => {
    await measure(execute, "warm");
    for (let i = 0; i < repeats; i++) {
      alone.push(await measure(execute, `alone-${i}`));
      together.push(await besideOthers(execute, `${i}`, flood));
      floods.push(await delayOf(() => execute(runOf(`only-${i}`, "flooding", flooding(flood)))));
    }
  });
  const [one, all] = [alone, together].map((runs) => middle(runs.map(({ wallMs }) => wallMs)));
  const hashes = new Set([...alone, ...together].map(({ hash }) => hash));
  const ratio = ((all ?? Number.NaN) / (one ?? Number.NaN)).toFixed(3);
  say(
    `\nisolation: an account of 20 tasks, median of ${repeats}; load ${loadavg()[0]?.toFixed(1)}`,
  );
  say(`  alone ${one?.toFixed(0)} ms, beside three others ${all?.toFixed(0)} ms: ratio ${ratio}`);
  say(`  results: ${hashes.size === 1 ? "the same bytes each time" : "DIFFERENT"}`);
  say(`  delay of the event loop, medians of the runs:`);
  say(`    alone                ${delayText(alone)}`);
  say(`    beside three others  ${delayText(together)}`);
  say(`    ${flood} tasks by themselves ${delayText(floods)}`);
};

function middle(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function flooding(count: number): ForeseenTask[] {
  return Array.from({ length: count }, (_, i) => goodTask(`t${i}`, [], 10));
}

interface Measured extends Delay {
  readonly wallMs: number;
  readonly hash: string;
}

async function measure(execute: Execute, name: string): Promise<Measured> {
  const start = performance.now();
  const traits = { triggers: 0, failures: 0, maxAttempts: 1, minMs: 20, maxMs: 20 };
  let records: readonly TaskRecord[] = [];
  const delay = await delayOf(async () => {
    records = await execute(runOf(`own-${name}`, "own", randomDag("own", 20, traits)));
  });
  const wallMs = performance.now() - start;
  const kept = records
    .map(({ task, status, results }) => ({ task, status, results }))
    .toSorted((a, b) => (a.task < b.task ? -1 : 1));
  return { ...delay, wallMs, hash: sha256(JSON.stringify(kept)) };
}

async function besideOthers(execute: Execute, name: string, flood: number): Promise<Measured> {
  const control = runControl();
  const hanging = [goodTask("hangs", [], 3_600_000)];
  const failing = Array.from({ length: 50 }, (_, i) => ({
    ...goodTask(`t${i}`, []),
    attempts: [{ durationMs: 5, succeeds: false }],
  }));
  const others = [
    execute({ ...runOf(`hang-${name}`, "hanging", hanging), control }),
    execute(runOf(`flood-${name}`, "flooding", flooding(flood))),
    execute(runOf(`fail-${name}`, "failing", failing)),
  ];
  const own = await measure(execute, `beside-${name}`);
  control.cancel("It hangs.");
  await Promise.all(others);
  return own;
}

function runOf(runId: string, account: string, tasks: readonly ForeseenTask[]) {
  const workflow = workflowDefinition("bench", foreseenDefinitions(tasks));
  return { runId, workflow, accounts: [account] };
}
