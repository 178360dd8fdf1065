/**
 * Scores one candidate: measures its table and the table as loaded with every metric, and weighs.
 *
 * @module
 */
import { type Ask, type Dataset, parquet, type Sql } from "../../core/index.ts";
import type { Execution } from "../../recipe/index.ts";
import type { Profile } from "../profiling/index.ts";
import type { Candidate } from "../transformation/index.ts";
import type { Verdict } from "../validation/index.ts";
import { cellsAsLoaded, tableCells, withUntouched } from "./cells.ts";
import { costOf } from "./cost.ts";
import type { MetricContext } from "./metric.ts";
import type { QualityOptions } from "./options.ts";
import { weightedMetrics } from "./registry.ts";
import type { Score, ScorePart } from "./score.ts";

/** What scoring needs. */
export interface ScoringRequest {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  readonly dataset: Dataset;
  /** The staged rows. */
  readonly source: Sql;
  /** What the verdict's recipe left. */
  readonly tables: Execution;
  readonly profile: Profile;
  readonly options: QualityOptions;
  readonly ask: Ask;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Score a candidate.
 *
 * @throws {WranglerError} CONFIG_INVALID when the weights name a metric that is not registered.
 */
export async function scoreCandidate(request: ScoringRequest): Promise<Score> {
  const { candidate, verdict, options } = request;
  const chosen = weightedMetrics(options);
  const context = await contextOf(request);
  const parts: ScorePart[] = [];
  for (const { metric, weight } of chosen) {
    const { before, after, evidence } = await metric.measure(context);
    parts.push({ metric: metric.name, before, after, weight, evidence });
  }
  return {
    version: 1,
    candidateId: candidate.id,
    value: weighed(parts, "after"),
    baseline: weighed(parts, "before"),
    parts,
    cost: costOf(verdict, context.before.cells, context.after.cells),
  };
}

/** Σ share × weight, free of the last digits' noise so that equal tables have equal values. */
function weighed(parts: readonly ScorePart[], when: "before" | "after"): number {
  const sum = parts.reduce((total, part) => total + part[when] * part.weight, 0);
  return Math.min(1, Math.max(0, Math.round(sum * 1e12) / 1e12));
}

/** Columns of the candidate's table that the table as loaded does not have just so. */
function touchedColumns(
  names: readonly string[],
  { verdict: { measures, accounting }, dataset }: ScoringRequest,
): string[] {
  if (accounting.rowsOut !== dataset.rows) return [...names];
  const loaded = new Set(dataset.columns.map(({ name }) => name));
  const changed = new Set(measures.changes.map(({ column }) => column));
  return names.filter((name) => changed.has(name) || !loaded.has(name));
}

async function contextOf(request: ScoringRequest): Promise<MetricContext> {
  const { candidate, verdict, dataset, source, tables, profile, ask, signal } = request;
  const columns = dataset.columns.map(({ name }) => name);
  const before = await cellsAsLoaded(source, columns, profile, ask, signal);
  const records = parquet(tables.paths.records);
  const touched = touchedColumns(tables.columns, request);
  const found = await tableCells(records, touched, profile, ask, signal);
  const after = withUntouched(found, before, tables.columns);
  return {
    candidate,
    verdict,
    dataset,
    profile,
    before: { from: source, columns, cells: before },
    after: { from: records, columns: tables.columns, cells: after },
    ask,
    signal,
  };
}
