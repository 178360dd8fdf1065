/** Reports: what a preparation and what a run came to, as pages that a person wants to read. */
export { collectReportFacts } from "./collect-facts.ts";
export { renderReport } from "./render-report.ts";
export type { ReportInput } from "./report-input.ts";
export { reportQueries } from "./report-queries.ts";
export {
  type CriticalTask,
  criticalPathOf,
  renderRunReport,
  type RunReportInput,
  type Timeline,
  timeline,
  type TimelineAttempt,
  type TimelineRow,
} from "./run/index.ts";
export { type DrawingOptions, drawWorkflow } from "./workflow-graph/index.ts";
