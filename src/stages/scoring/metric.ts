/**
 * Metrics: what makes a table good, each as a share in [0, 1].
 *
 * @module
 */
import type { Ask, Dataset, Sql } from "../../core/index.ts";
import type { Profile } from "../profiling/index.ts";
import type { Candidate } from "../transformation/index.ts";
import type { Verdict } from "../validation/index.ts";
import type { TableCells } from "./cells.ts";

/** A table as a metric can ask about it. */
export interface ScoredTable {
  /** A relation for FROM: `__row` and one VARCHAR per column. */
  readonly from: Sql;
  readonly columns: readonly string[];
  /** What is in its cells. */
  readonly cells: TableCells;
}

/** What a metric is given. */
export interface MetricContext {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  readonly dataset: Dataset;
  readonly profile: Profile;
  /** The table as loaded. */
  readonly before: ScoredTable;
  /** The candidate's table. */
  readonly after: ScoredTable;
  readonly ask: Ask;
  readonly signal: AbortSignal | undefined;
}

/** What a metric found. */
export interface Measured {
  /** In [0, 1]; 1 is good. It depends on the table as loaded alone, not on the candidate. */
  readonly before: number;
  readonly after: number;
  /** What was counted, as a sentence. */
  readonly evidence: string;
}

export interface MetricDefinition {
  /** What the weights in the configuration call it. */
  readonly name: string;
  /** What it says of a table, as a sentence. */
  readonly title: string;
  measure(context: MetricContext): Measured | Promise<Measured>;
}
