/** Reports: what a preparation came to, as a page that a person wants to read. */
export { collectReportFacts } from "./collect-facts.ts";
export { renderReport } from "./render-report.ts";
export type { ReportInput } from "./report-input.ts";
export { reportQueries } from "./report-queries.ts";
