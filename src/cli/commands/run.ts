/** `run` and `resume`. */
import type { RunRequest, RunResult } from "../../orchestration/index.ts";
import { exitOfRun } from "../exit.ts";
import { progressOf } from "../progress/progress.ts";
import { runSummary } from "../render/summary.ts";
import type { Session } from "../session.ts";
import { summaryOptions } from "./summary-options.ts";

export async function run(session: Session, request: RunRequest): Promise<number> {
  const app = await session.app();
  return show(session, await app.run(request, session.hooks(progressOf(session))));
}

export async function resume(session: Session, runId: string | undefined): Promise<number> {
  const app = await session.app();
  return show(session, await app.resume(runId, session.hooks(progressOf(session))));
}

async function show(session: Session, result: RunResult): Promise<number> {
  const status = await exitOfRun(result);
  if (session.flags.json === true) session.printJson({ ok: status === 0, ...result });
  else session.print(...runSummary(result, summaryOptions(session)));
  return status;
}
