/** `watch`: a run that another process executes, as if it were executed here. */
import type { ProgressEvent } from "../../orchestration/index.ts";
import { progressOf } from "../progress/progress.ts";
import type { Session } from "../session.ts";
import { showRun } from "./run.ts";

export async function watch(session: Session, runId: string | undefined): Promise<number> {
  const { interruption } = session;
  interruption.say("no longer watching, the run goes on");
  const app = await session.app();
  const take = progressOf(session);
  const last = await follow(app.watch(runId, interruption.signal), interruption.signal, take);
  if (interruption.status !== undefined) {
    if (session.flags.json === true)
      session.printJson({ ok: false, watching: last?.runId ?? null });
    return interruption.status;
  }
  const { run, tasks, accounts } = await app.status(last?.runId ?? runId);
  const ended = Date.parse(run.endedAt ?? last?.at ?? run.startedAt);
  const durationMs =
    last?.type === "run-finished" ? last.durationMs : ended - Date.parse(run.startedAt);
  return showRun(session, { run, tasks, accounts, durationMs });
}

/** Takes all events and returns the last one; an interruption ends it. */
async function follow(
  events: AsyncIterable<ProgressEvent>,
  signal: AbortSignal,
  take: ((event: ProgressEvent) => void) | undefined,
): Promise<ProgressEvent | undefined> {
  let last: ProgressEvent | undefined;
  try {
    for await (const event of events) {
      last = event;
      take?.(event);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return last;
}
