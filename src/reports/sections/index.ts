/** Sections: the parts of a report, each from the view to markup. */
export { columns } from "./columns.ts";
export { heading, rowBalance } from "./overview.ts";
export { provenance, timings } from "./provenance.ts";
export { quality } from "./quality.ts";
export { duplicates, quarantine } from "./quarantine.ts";
export { ranking } from "./ranking.ts";
export { rules } from "./rules.ts";
export { stepsDone } from "./steps.ts";
export { stepsNotDone } from "./suggestions.ts";
