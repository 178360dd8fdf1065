/** `run`, `resume`, `retry`, `fork` and `schedule trigger`: commands that execute a run. */
import type { App, RunHooks, RunRequest, RunResult } from "../../orchestration/index.ts";
import { exitOfRun } from "../exit.ts";
import { progressOf } from "../progress/progress.ts";
import { planLines } from "../render/plan.ts";
import { runSummary } from "../render/summary.ts";
import type { Session } from "../session.ts";
import { summaryOptions } from "./summary-options.ts";

export async function run(session: Session, request: RunRequest): Promise<number> {
  return execute(session, (app, hooks) => app.run(request, hooks));
}

/** `run --dry-run`. */
export async function plan(session: Session, request: RunRequest): Promise<number> {
  const app = await session.app();
  const report = await session.unlessInterrupted(app.plan(request));
  session.show({ ok: true, ...report }, () => planLines(report, summaryOptions(session)));
  return 0;
}

export async function resume(session: Session, runId: string | undefined): Promise<number> {
  return execute(session, (app, hooks) => app.resume(runId, hooks));
}

export async function retry(
  session: Session,
  runId: string,
  task: string | undefined,
): Promise<number> {
  return execute(session, (app, hooks) => app.retry(runId, task, hooks));
}

export async function fork(session: Session, runId: string, from: string): Promise<number> {
  return execute(session, (app, hooks) => app.fork(runId, from, hooks));
}

/** `schedule trigger`. */
export async function trigger(
  session: Session,
  name: string,
  configPath: string | undefined,
): Promise<number> {
  return execute(session, (app, hooks) => app.trigger(name, configPath, hooks));
}

/** Prints what a run came to and returns its exit status. */
export async function showRun(session: Session, result: RunResult): Promise<number> {
  const interruption = session.interruption.status;
  const status = await exitOfRun(result, interruption);
  const options = { ...summaryOptions(session), interrupted: interruption !== undefined };
  session.show({ ok: status === 0, ...result }, () => runSummary(result, options));
  return status;
}

async function execute(
  session: Session,
  start: (app: App, hooks: RunHooks) => Promise<RunResult>,
): Promise<number> {
  const app = await session.app();
  return showRun(session, await start(app, session.runHooks(progressOf(session))));
}
