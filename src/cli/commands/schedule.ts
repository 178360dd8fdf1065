/** `schedule`: when workflows run by themselves. */
import type { App, ScheduleReport } from "../../orchestration/index.ts";
import { slotTable } from "../render/coming.ts";
import { scheduleLines, scheduleTable } from "../render/schedules.ts";
import { zonesOf } from "../render/zones.ts";
import type { CommonFlags, Session } from "../session.ts";
import { summaryOptions } from "./summary-options.ts";

export interface ScheduleFlags extends CommonFlags {
  readonly config?: string;
}

export interface NextFlags extends ScheduleFlags {
  readonly count: number;
}

export async function list(session: Session, { config }: ScheduleFlags): Promise<number> {
  const app = await session.app();
  const schedules = await app.schedules(config);
  session.show({ ok: true, schedules }, () => scheduleTable(schedules, told(session)));
  return 0;
}

export async function next(
  session: Session,
  name: string | undefined,
  { config, count }: NextFlags,
): Promise<number> {
  const app = await session.app();
  const slots = await app.comingSlots({
    ...(config === undefined ? {} : { configPath: config }),
    ...(name === undefined ? {} : { schedule: name }),
    count,
  });
  const schedules = session.flags.json === true ? [] : await app.schedules(config);
  session.show({ ok: true, slots }, () =>
    slotTable(slots, { ...told(session), zones: zonesOf(schedules) }),
  );
  return 0;
}

export async function pause(session: Session, name: string, flags: ScheduleFlags): Promise<number> {
  return change(session, (app) => app.pauseSchedule(name, flags.config));
}

export async function resume(
  session: Session,
  name: string,
  flags: ScheduleFlags,
): Promise<number> {
  return change(session, (app) => app.resumeSchedule(name, flags.config));
}

async function change(
  session: Session,
  make: (app: App) => Promise<ScheduleReport>,
): Promise<number> {
  const schedule = await make(await session.app());
  session.show({ ok: true, schedule }, () => scheduleLines(schedule, told(session)));
  return 0;
}

function told(session: Session) {
  return { ...summaryOptions(session), now: session.host.now() };
}
