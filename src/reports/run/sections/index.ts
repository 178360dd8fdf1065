/** Sections of the report of a run, each a function from the view to markup. */
export { accountTable } from "./accounts.ts";
export { drawing } from "./drawing.ts";
export { uncertainEffects } from "./effects.ts";
export { runHeading } from "./run-heading.ts";
export { failures, taskTables } from "./tasks.ts";
export { criticalPath, times } from "./times.ts";
