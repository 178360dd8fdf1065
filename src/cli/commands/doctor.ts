/** `doctor`: whether all is there that runs need. */
import { exitOfChecks } from "../exit.ts";
import { doctorLines } from "../render/checks.ts";
import type { CommonFlags, Session } from "../session.ts";
import { summaryOptions } from "./summary-options.ts";

export interface DoctorFlags extends CommonFlags {
  readonly config?: string;
  readonly network?: boolean;
}

export async function doctor(session: Session, flags: DoctorFlags): Promise<number> {
  const app = await session.app();
  const { config, network = false } = flags;
  const { signal } = session.interruption;
  const report = await session.unlessInterrupted(app.doctor(config, { network, signal }));
  const status = exitOfChecks(report.checks);
  session.show({ ok: status === 0, ...report }, () => doctorLines(report, summaryOptions(session)));
  return status;
}
