/** `status` and `runs`. */
import { runList, runStatus } from "../render/run-status.ts";
import type { Session } from "../session.ts";
import { summaryOptions } from "./summary-options.ts";

export async function status(session: Session, runId: string | undefined): Promise<number> {
  const app = await session.app();
  const report = await app.status(runId);
  if (session.flags.json === true) session.printJson({ ok: true, ...report });
  else session.print(...runStatus(report, summaryOptions(session)));
  return 0;
}

export async function runs(session: Session): Promise<number> {
  const app = await session.app();
  const list = await app.runs();
  if (session.flags.json === true) session.printJson({ ok: true, runs: list });
  else session.print(...runList(list, summaryOptions(session)));
  return 0;
}
