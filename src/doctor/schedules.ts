/** Whether every schedule has slots to come. */
import type { Settings } from "../config/index.ts";
import type { HealthCheck } from "../orchestration/index.ts";
import { nextSlots } from "../schedule/index.ts";
import { counted, type Flaw, summed } from "./findings.ts";
import { timeThere } from "./times.ts";

/** Next slots that are told. */
const MAX_TOLD = 3;

export function scheduleChecks({ schedules }: Settings, now: Date): HealthCheck[] {
  if (schedules.length === 0) return [];
  const next = schedules.map((definition) => {
    const [slotMs] = nextSlots(definition, now.getTime(), 1);
    return { ...definition, slotMs };
  });
  const flaws = next.flatMap(({ name, slotMs }): Flaw[] => {
    const text = `${name}: no slot comes within nine years`;
    return slotMs === undefined ? [{ level: "warning", text }] : [];
  });
  const coming = next
    .flatMap(({ name, timeZone, paused, slotMs }) =>
      slotMs === undefined || paused ? [] : [{ name, timeZone, slotMs }],
    )
    .toSorted((a, b) => a.slotMs - b.slotMs)
    .slice(0, MAX_TOLD)
    .map(
      ({ name, timeZone, slotMs }) =>
        `${name} ${timeThere(new Date(slotMs), timeZone)} ${timeZone}`,
    );
  const paused = schedules.filter((one) => one.paused).length;
  const parts = [
    counted(schedules.length, "schedule"),
    ...(paused > 0 ? [`${paused} paused`] : []),
    ...(coming.length > 0 ? [`next ${coming.join("; ")}`] : []),
  ];
  return [
    summed("schedules", flaws, {
      well: parts.join(", "),
      remedy: "Check the times, days and exceptions of these schedules.",
    }),
  ];
}
