/** Scoring: a candidate's table in, a score with its reasons out. */
export { QualityOptions } from "./options.ts";
export { Score, ScorePart } from "./score.ts";
