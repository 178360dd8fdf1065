import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  type EffectRecord,
  isSettled,
  type ProgressEvent,
  type TaskRecord,
} from "../../src/orchestration/index.ts";
import { startEffectServer } from "../helpers/effect-server.ts";
import { withFolder } from "../helpers/engine.ts";
import { CHECKPOINTS } from "../helpers/killable-workflow.ts";
import { killedRetry, type KilledRun, killedRun } from "../helpers/killed-run.ts";
import { damagesOf, pathOf, type Snapshot } from "../helpers/run-snapshot.ts";

/** Kills in all; `KILLS=300` every night. */
const KILLS = Number(process.env["KILLS"] ?? 30);
/** Of one run, at most. */
const MAX_KILLS = 6;
/** Of the retry of what failed in it. */
const RETRY_KILLS = 1;
/** Runs at the same time. */
const PARALLEL = 2;
/** At most, for a kill and what is needed to go on after it. */
const KILL_MS = 15_000;

const statusesOf = ({ tasks }: Snapshot) =>
  Object.fromEntries(tasks.map((task) => [pathOf(task), task.status]));

const resultsOf = ({ tasks }: Snapshot) =>
  Object.fromEntries(
    tasks
      .filter(({ results }) => "value" in results)
      .map((task) => [pathOf(task), task.results["value"]]),
  );

test(
  `${KILLS} kills: nothing finished is lost or done again, no effect is doubled unnoticed`,
  async () => {
    const server = await startEffectServer();
    onTestFinished(() => server.close());
    const folder = await withFolder();
    const startedMs = performance.now();
    const whole = await killedRun({ folder: join(folder, "0"), server, kills: 0, withinMs: 2 });
    const wholeMs = Math.round(performance.now() - startedMs);
    expect(whole.story).toEqual(["ended with 1"]);

    let begun = 0;
    let kills = 0;
    const failed = new AbortController();
    const worker = async () => {
      while (kills < KILLS && !failed.signal.aborted) {
        const plan = { server, folder: join(folder, String(++begun)), withinMs: wholeMs };
        const run = await killedRun({ ...plan, kills: randomInt(1, MAX_KILLS + 1) });
        check(run, whole);
        const retry = await killedRetry({ ...plan, kills: RETRY_KILLS }, run);
        check(retry, whole);
        kills += run.kills.length + retry.kills.length;
      }
    };
    const workers = Array.from({ length: PARALLEL }, async () => {
      await worker().catch((error: unknown) => {
        failed.abort();
        throw error;
      });
    });
    // The other worker's run ends before its folder is removed.
    await Promise.allSettled(workers);
    await Promise.all(workers);
  },
  60_000 + KILLS * KILL_MS,
);

function check(run: KilledRun, whole: KilledRun): void {
  const { folder, end, story } = run;
  const checkpoints = join(folder, CHECKPOINTS);
  expect({
    story,
    status: end.run.status,
    statuses: statusesOf(end),
    results: resultsOf(end),
    failures: failuresOf(end),
    outOfOrder: end.events.filter(({ seq }, i) => seq <= (end.events[i - 1]?.seq ?? 0)),
    damages: damagesOf(checkpoints),
    hasReport: existsSync(join(checkpoints, "runs", end.run.runId, "report.html")),
    unsound: unsoundEffects(run),
  }).toEqual({
    story,
    status: whole.end.run.status,
    statuses: statusesOf(whole.end),
    results: resultsOf(whole.end),
    failures: failuresOf(whole.end),
    outOfOrder: [],
    damages: {},
    hasReport: true,
    unsound: [],
  });
  for (const kill of run.kills) {
    if (kill?.run.runId === end.run.runId) checkKill(kill, run);
  }
}

/** How often each task that failed was tried: what failed before a kill counts after it as well. */
function failuresOf({ tasks, attempts }: Snapshot): Record<string, number> {
  const failed = tasks.filter(({ status }) => status === "FAILED");
  const triesOf = ({ round, ...task }: TaskRecord) =>
    attempts.filter(
      (one) => pathOf(one) === pathOf(task) && one.round === round && one.status === "FAILED",
    ).length;
  return Object.fromEntries(failed.map((task) => [pathOf(task), triesOf(task)]));
}

/** What was durable at a kill stands, and is not done again. */
function checkKill(kill: Snapshot, { end, eventsBefore, story }: KilledRun): void {
  const settled = kill.tasks.filter(({ status }) => isSettled(status));
  const finished = new Set(settled.map(pathOf));
  const ofFinished = (one: { account: string; task: string }) => finished.has(pathOf(one));
  const later = end.events.slice(kill.events.length);
  const announced = announcedIn(kill.events);
  expect({
    story,
    settled: end.tasks.filter(ofFinished),
    unannounced: [...finished].filter((path) => !announced.includes(path)),
    announcedEarly: announcedIn(kill.events.slice(eventsBefore)).filter(
      (path) => !finished.has(path),
    ),
    attempts: end.attempts.filter(ofFinished),
    events: end.events.slice(0, kill.events.length),
    startedAgain: later.filter((event) => event.type === "task-started" && ofFinished(event)),
  }).toEqual({
    story,
    settled,
    unannounced: [],
    announcedEarly: [],
    attempts: kill.attempts.filter(ofFinished),
    events: kill.events,
    startedAgain: [],
  });
}

/** Tasks of which was told that they finished. */
function announcedIn(events: readonly ProgressEvent[]): string[] {
  return events.flatMap((event) => (event.type === "task-finished" ? [pathOf(event)] : []));
}

/** Effects of which the ledger says anything but what happened. */
function unsoundEffects({ end, count }: KilledRun): unknown[] {
  const completed = new Set(
    end.tasks.filter(({ status }) => status === "COMPLETED").map((task) => pathOf(task)),
  );
  const isSound = (effect: EffectRecord) => {
    const times = count(effect.key);
    if (times > 1) return effect.wasUncertain;
    if (times === 1) return effect.status === "DONE";
    return effect.reason === "policy skip" || !completed.has(pathOf(effect));
  };
  return end.effects
    .filter((effect) => !isSound(effect))
    .map((effect) => ({ effect, times: count(effect.key) }));
}
