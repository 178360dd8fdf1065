/** Reports: what a preparation came to, as a page that a person wants to read. */
export { collectReportFacts, type ReportTable } from "./collect-facts.ts";
export { renderReport } from "./render-report.ts";
export {
  AfterColumn,
  ChangedCell,
  ColumnChanges,
  QuarantineGroup,
  type ReportFacts,
  type ReportInput,
  StepChanges,
} from "./report-input.ts";
export { type ReportFiles, type ReportQueries, reportQueries } from "./report-queries.ts";
