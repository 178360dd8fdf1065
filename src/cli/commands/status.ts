/** `status`, `history` and `runs`. */
import { historyLines } from "../render/history.ts";
import { runList, runStatus } from "../render/run-status.ts";
import type { CommonFlags, Session } from "../session.ts";
import { summaryOptions } from "./summary-options.ts";

export interface HistoryFlags extends CommonFlags {
  readonly events?: boolean;
}

export async function status(session: Session, runId: string | undefined): Promise<number> {
  const app = await session.app();
  const report = await app.status(runId);
  session.show({ ok: true, ...report }, () => runStatus(report, summaryOptions(session)));
  return 0;
}

/** Events are many: they are told, in JSON too, when asked for. */
export async function history(
  session: Session,
  runId: string | undefined,
  flags: HistoryFlags,
): Promise<number> {
  const app = await session.app();
  const { events, ...kept } = await app.history(runId);
  const asked = flags.events === true;
  session.show({ ok: true, ...kept, ...(asked ? { events } : {}) }, () =>
    historyLines({ ...kept, events }, asked, summaryOptions(session)),
  );
  return 0;
}

export async function runs(session: Session): Promise<number> {
  const app = await session.app();
  const list = await app.runs();
  session.show({ ok: true, runs: list }, () => runList(list, summaryOptions(session)));
  return 0;
}
