/** `status`, `history` and `runs`. */
import { historyLines } from "../render/history.ts";
import { overviewLines } from "../render/overview.ts";
import { runList, runStatus } from "../render/run-status.ts";
import type { CommonFlags, Session } from "../session.ts";
import { summaryOptions } from "./summary-options.ts";

export interface StatusFlags extends CommonFlags {
  readonly config?: string;
}

export interface HistoryFlags extends CommonFlags {
  readonly events?: boolean;
}

/** Of one run, or how all stands. */
export async function status(
  session: Session,
  runId: string | undefined,
  { config }: StatusFlags,
): Promise<number> {
  const app = await session.app();
  if (runId === undefined) {
    const overview = await app.overview(config);
    const schedules = session.flags.json === true ? [] : await app.schedules(config);
    session.show({ ok: true, ...overview }, () =>
      overviewLines(overview, schedules, summaryOptions(session)),
    );
    return 0;
  }
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
