import { join } from "node:path";
import { expect, test } from "vitest";
import { type TaskRecord, workflowStatus } from "../../../src/orchestration/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { directRun, foreseenDefinitions } from "../../helpers/foreseen-tasks.ts";
import { type RealRun, realRuns } from "../../helpers/real-runs.ts";
import {
  type ForeseenEnd,
  type ForeseenTask,
  interpret,
  randomDag,
} from "../../helpers/reference-interpreter.ts";
import { withStore } from "../../helpers/store.ts";
import { workflowDefinition } from "../../helpers/workflow-definition.ts";

type Mode = "cancel" | "finish";

/** Runs at once: they share what it costs to write to disk. */
const AT_ONCE = 25;
/** 320 runs on a disk that others use too. */
const TIMEOUT_MS = 240_000;

interface Played {
  readonly seed: number;
  readonly tasks: readonly ForeseenTask[];
  readonly records: readonly TaskRecord[];
}

type Execute = ReturnType<typeof realRuns>;

/** Run each workflow in a run of its own through the master and account graphs, several at once. */
async function playAll(
  dags: readonly (readonly ForeseenTask[])[],
  onCriticalFailure: Mode,
  play: (execute: Execute, run: RealRun, tasks: readonly ForeseenTask[]) => Promise<TaskRecord[]>,
): Promise<Played[]> {
  const folder = await withFolder();
  const execute = realRuns(folder, withStore(join(folder, "checkpoints")));
  const played: Played[] = [];
  const left = [...dags.entries()];
  const lane = async (account: string) => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [seed, tasks] = next;
      const plain = workflowDefinition("random", foreseenDefinitions(tasks));
      const workflow = { ...plain, onCriticalFailure };
      const runId = `${onCriticalFailure}-${seed}`;
      const records = await play(execute, { runId, workflow, accounts: [account] }, tasks);
      played.push({ seed, tasks, records });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => lane(`account-${i % 4}`)));
  return played;
}

/**
 * Run a workflow in the order that is foreseen, whatever the clock says: each task is let go when
 * all that should have begun before its end have begun, and those that should have ended have.
 */
async function playInOrder(
  execute: Execute,
  run: RealRun,
  ends: ReadonlyMap<string, ForeseenEnd>,
): Promise<TaskRecord[]> {
  const [begun, ended, released] = [moments(), moments(), moments()];
  directRun(run.runId, async (task, signal) => {
    begun.reach(task);
    const canceled = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    await Promise.race([released.at(task), canceled]);
  });
  const records = execute({
    ...run,
    onEvent: (event) => event.type === "task-finished" && ended.reach(event.task),
  });
  const ran = [...ends].filter(([, { startMs, endMs }]) => startMs < endMs);
  const inOrder = ran
    .filter(([, { status }]) => status !== "CANCELED")
    .toSorted(([, a], [, b]) => a.endMs - b.endMs);
  for (const [id, { endMs }] of inOrder) {
    const before = ran.filter(([, { startMs }]) => startMs < endMs);
    await Promise.all(before.map(([other]) => begun.at(other)));
    released.reach(id);
    await ended.at(id);
  }
  return records;
}

/** Moments by name that can be reached and waited for. */
function moments() {
  const reached = new Set<string>();
  const waiting = new Map<string, (() => void)[]>();
  return {
    reach(name: string) {
      reached.add(name);
      for (const go of waiting.get(name) ?? []) go();
      waiting.delete(name);
    },
    at: (name: string) =>
      new Promise<void>((resolve) => {
        if (reached.has(name)) resolve();
        else waiting.set(name, [...(waiting.get(name) ?? []), resolve]);
      }),
  };
}

function statusesOf({ seed, records }: Played): object {
  return { seed, ...Object.fromEntries(records.map(({ task, status }) => [task, status])) };
}

function foreseen({ seed, tasks }: Played, mode: Mode): object {
  const ends = [...interpret(tasks, mode)];
  return { seed, ...Object.fromEntries(ends.map(([id, { status }]) => [id, status])) };
}

/** What did not run says why, what ran has as many attempts as it takes. */
function expectSoundRecords({ tasks, records }: Played): void {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  for (const record of records) {
    const { task, status, attempts, reason, startedAt, endedAt } = record;
    const made = byId.get(task)?.attempts ?? [];
    const good = made.findIndex(({ succeeds }) => succeeds);
    expect(endedAt).not.toBeNull();
    if (status === "SKIPPED") {
      expect({ attempts, startedAt }).toEqual({ attempts: 0, startedAt: null });
      expect(reason).toMatch(
        /^(\w+: t\d+ [A-Z]+|one_\w+: none of \d+ [A-Z]+|at least \d: .* be COMPLETED|t\d+ failed and stops the workflow)$/,
      );
    } else if (status === "CANCELED") {
      expect(reason).toMatch(/^t\d+ failed and stops the workflow$/);
    } else {
      expect({ task, attempts }).toEqual({
        task,
        attempts: status === "COMPLETED" ? good + 1 : made.length,
      });
    }
  }
}

/** Statuses of tasks and runs that occurred, after each was compared. */
function compareAll(played: readonly Played[], mode: Mode): string[] {
  const seen = new Set<string>();
  for (const one of played) {
    expect(statusesOf(one)).toEqual(foreseen(one, mode));
    expectSoundRecords(one);
    for (const { status } of one.records) seen.add(status);
    seen.add(`run ${workflowStatus(one.records.map(({ status }) => status))}`);
  }
  return [...seen].toSorted();
}

test(
  "200 random workflows end as the plainest interpreter says",
  { timeout: TIMEOUT_MS },
  async () => {
    const dags = Array.from({ length: 200 }, (_, seed) =>
      randomDag(seed, 2 + ((seed * 7) % 59), { minMs: 0, maxMs: 6 }),
    );
    const played = await playAll(dags, "cancel", (execute, run) => execute(run));
    expect(played).toHaveLength(200);
    expect(compareAll(played, "cancel")).toEqual([
      "COMPLETED",
      "FAILED",
      "SKIPPED",
      "run COMPLETED",
      "run FAILED",
    ]);
  },
);

test.for(["cancel", "finish"] as const)(
  "60 random workflows with critical tasks end as foreseen, where those at work %s",
  { timeout: TIMEOUT_MS },
  async (mode) => {
    const dags = Array.from({ length: 60 }, (_, seed) =>
      randomDag(`critical-${seed}`, 2 + ((seed * 7) % 59), {
        critical: 0.2,
        // Apart enough that no two tasks end in the same moment.
        maxMs: 1e12,
      }),
    );
    const played = await playAll(dags, mode, (execute, run, tasks) =>
      playInOrder(execute, run, interpret(tasks, mode)),
    );
    expect(played).toHaveLength(60);
    const seen = compareAll(played, mode);
    expect(seen).toEqual([
      ...(mode === "cancel" ? ["CANCELED"] : []),
      "COMPLETED",
      "FAILED",
      "SKIPPED",
      "run COMPLETED",
      "run FAILED",
    ]);
  },
);
