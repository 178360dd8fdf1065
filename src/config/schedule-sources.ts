/** Schedules of a file as they are written, read as far as they can be. */
import type { Path } from "./problems.ts";
import { ScheduleEntry } from "./schedule-entry.ts";
import { valueAt } from "./value-at.ts";

export interface ScheduleSource {
  readonly name: string;
  readonly path: Path;
  /** As it stands. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** With its defaults; undefined when its shape is wrong. */
  readonly checked: ScheduleEntry | undefined;
}

/** What can be read of `schedules`. */
export function scheduleSources(value: unknown): ScheduleSource[] {
  return Object.entries(mapOf(valueAt(value, ["schedules"]))).map(([name, entry]) => ({
    name,
    path: ["schedules", name],
    entry: mapOf(entry),
    checked: ScheduleEntry.safeParse(entry).data,
  }));
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
