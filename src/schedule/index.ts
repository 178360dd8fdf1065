/** Schedule: when workflows run by themselves; slots and what becomes of them, without side effects. */
export { flawOfCron } from "./cron.ts";
export { decide, type Decision, isTooLate, nextWakeMs, type Situation } from "./decide.ts";
export { ON_TIME_MS } from "./fates.ts";
export {
  CatchUpPolicy,
  OverlapPolicy,
  ScheduleDefinition,
  ScheduleState,
  SlotRecord,
  SlotRule,
  type SlotStatus,
  Weekday,
  WEEKDAYS,
} from "./schedule.ts";
export { nextSlots, slotsBetween, startOf, type Timetable } from "./slots.ts";
export { sortedTimes, TimeOfDay, timeOfDayAfter, timeOfDayMs } from "./time-of-day.ts";
export { isTimeZone } from "./wall-clock.ts";
export { describeRule, spanInWords } from "./words.ts";
