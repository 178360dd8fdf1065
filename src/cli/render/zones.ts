/** The time zones that times are told in: those of schedules, by name. */
import type { RunRecord, ScheduleReport } from "../../orchestration/index.ts";

export type Zones = ReadonlyMap<string, string>;

export function zonesOf(schedules: readonly ScheduleReport[]): Zones {
  return new Map(schedules.map(({ definition }) => [definition.name, definition.timeZone]));
}

/** That of the schedule that started a run, which is the zone of its tasks' times; if any did. */
export function zoneOfRun({ schedule }: RunRecord, zones: Zones): string | undefined {
  return schedule === null ? undefined : zones.get(schedule);
}
