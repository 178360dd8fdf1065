/** Runs of the killable workflow, each killed again and again until it has ended. */
import { randomInt } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cli, startCli } from "./cli.ts";
import type { EffectServer } from "./effect-server.ts";
import { CHECKPOINTS, LINES, resumeOf, retryOf, RUN, writeKillable } from "./killable-workflow.ts";
import { pathOf, type Snapshot, snapshotOf } from "./run-snapshot.ts";

export interface KilledRun {
  readonly folder: string;
  /** What was durable after each kill; undefined before the run, or its retry, had begun. */
  readonly kills: readonly (Snapshot | undefined)[];
  /** Milliseconds from the start of a process to its kill, and how the others ended: for messages. */
  readonly story: readonly string[];
  readonly end: Snapshot;
  /** Events that were there before it began. */
  readonly eventsBefore: number;
  /** How often an effect arrived in the world outside. */
  readonly count: (key: string) => number;
}

export interface KillPlan {
  /** Empty or not there yet. */
  readonly folder: string;
  readonly server: EffectServer;
  readonly kills: number;
  /** How long a process lives at most that is to be killed. */
  readonly withinMs: number;
}

/** A run that waits for ever, or a process that never ends well, shows here. */
const MAX_STARTS = 40;

/**
 * Start a run, kill its process at random moments, resume it, answer what it asks by the truth.
 *
 * @throws {Error} when a process ends as none should, or the run does not end.
 */
export async function killedRun(plan: KillPlan): Promise<KilledRun> {
  await writeKillable(plan.folder, plan.server.url);
  return untilEnded(plan, RUN, undefined);
}

/** The same with the retry of a run that has ended. */
export function killedRetry(plan: KillPlan, { end }: KilledRun): Promise<KilledRun> {
  return untilEnded(plan, retryOf(end.run.runId), end);
}

async function untilEnded(
  { folder, server, kills, withinMs }: KillPlan,
  begin: readonly string[],
  before: Snapshot | undefined,
): Promise<KilledRun> {
  const killed: (Snapshot | undefined)[] = [];
  const story: string[] = [];
  const takenUp = before?.run.attempts ?? 0;
  let last: Snapshot | undefined;
  while (!hasEnded(last)) {
    const process = startCli(last ? resumeOf(last.run.runId) : begin, folder);
    const killAtMs = randomInt(1, withinMs);
    const kill = () => killed.length < kills && process.child.kill("SIGKILL");
    const timer = setTimeout(kill, killAtMs);
    const { signal, code, said } = await process.end;
    clearTimeout(timer);
    const found = snapshotOf(join(folder, CHECKPOINTS));
    last = (found?.run.attempts ?? 0) > takenUp ? found : undefined;
    story.push(signal === "SIGKILL" ? `killed at ${killAtMs} ms` : `ended with ${code}`);
    if (signal === "SIGKILL") killed.push(last);
    else if (code !== 1 && code !== 75) throw new Error(`${story.join(", ")}: ${said}`);
    else await answerAll(last, folder, server);
    if (story.length > MAX_STARTS) throw new Error(`it does not end: ${story.join(", ")}`);
  }
  if (!last) throw new Error("no run");
  const count = await counter(folder, server);
  const eventsBefore = before?.events.length ?? 0;
  return { folder, kills: killed, story, end: last, eventsBefore, count };
}

function hasEnded(snapshot: Snapshot | undefined): boolean {
  return snapshot !== undefined && !["RUNNING", "WAITING"].includes(snapshot.run.status);
}

/** As a person who looks whether the effect took place. */
async function answerAll(last: Snapshot | undefined, folder: string, server: EffectServer) {
  const waiting = last?.tasks.filter(({ status }) => status === "WAITING") ?? [];
  const count = await counter(folder, server);
  for (const task of waiting) {
    const effect = last?.effects.find(
      (one) => pathOf(one) === pathOf(task) && one.status === "UNCERTAIN",
    );
    const as = count(effect?.key ?? "") > 0 ? "done" : "not-done";
    const names = ["--task", task.task, "--account", task.account, "--as", as];
    const { code, said } = await cli(
      ["resolve", last?.run.runId ?? "", ...names, "--checkpoints", CHECKPOINTS],
      folder,
    );
    if (code !== 0) throw new Error(said);
  }
}

async function counter(folder: string, server: EffectServer): Promise<(key: string) => number> {
  const lines = (await readFile(join(folder, LINES), "utf8")).split("\n");
  return (key) => lines.filter((line) => line === key).length + server.count(key);
}
