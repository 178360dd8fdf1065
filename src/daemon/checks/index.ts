/** Checks: what the service looks at to know how it is, each a sentence with a level. */
export { ClockWatch } from "./clock-check.ts";
export { diskCheck, freeSpaces } from "./disk-check.ts";
export { loopCheck } from "./loop-check.ts";
export { memoryCheck } from "./memory-check.ts";
export { runCheck } from "./run-check.ts";
export { scheduleCheck } from "./schedule-check.ts";
export { type StoreBeat, storeCheck } from "./store-check.ts";
export { taskCheck, type TaskTerms } from "./task-check.ts";
