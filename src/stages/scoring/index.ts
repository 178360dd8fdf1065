/** Scoring: a candidate's table in, a score with its reasons out. */
export type { ColumnCells, TableCells } from "./cells.ts";
export type { Measured, MetricContext, MetricDefinition, ScoredTable } from "./metric.ts";
export { QualityOptions } from "./options.ts";
export { defineMetric } from "./registry.ts";
export { Score } from "./score.ts";
export { scoreCandidate, type ScoringRequest } from "./score-candidate.ts";
