/** Report of a run: its outcome, when what ran, what failed, what decided its length. */
export { type CriticalTask, criticalPathOf } from "./critical-path.ts";
export { renderRunReport } from "./render-run-report.ts";
export type { RunReportInput } from "./run-report-input.ts";
export { type Timeline, timeline, type TimelineAttempt, type TimelineRow } from "./timeline.ts";
