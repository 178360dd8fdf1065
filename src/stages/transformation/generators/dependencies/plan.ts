/**
 * A plan: one step of `repair_by_dependency` with what it will do and how sure that is.
 *
 * @module
 */
import type { CodedColumn } from "./coded-table.ts";
import type { Gathering } from "./concentration.ts";
import type { Determinant } from "./determinants.ts";
import type { Dispute } from "./disputes.ts";
import type { Voter } from "./vote.ts";

export interface PlannedDeterminant {
  readonly columns: readonly string[];
  readonly weight: number;
}

export interface Plan {
  readonly dependent: CodedColumn;
  readonly determinants: readonly PlannedDeterminant[];
  readonly write: "missing" | "near" | "any";
  readonly minShare: number;
  readonly minSupport: number;
  readonly minVotes: number;
  readonly maxOwnShare: number;
  /** Rows that are left alone: exceptions with a reason of their own. */
  readonly spared: readonly Gathering[];
  /** When given, only cells with one of these values may be overwritten. */
  readonly only?: readonly string[];
  /** The cells it changes. */
  readonly changes: readonly Dispute[];
  /** Cells that speak for it and against it. */
  readonly support: number;
  readonly counterExamples: number;
  readonly confidence: number;
  /** What the confidence rests on, for a person. */
  readonly ground: string;
}

/** Other rows that a group must have to vote. */
export const MIN_SUPPORT = 2;

/** Determinants as voters; each weighs as given, or as strong as it is. */
export function votersOf(
  determinants: readonly Determinant[],
  weightOf: (one: Determinant) => number = ({ mu }) => mu,
): Voter[] {
  return determinants.map((one) => ({
    distribution: one.distribution,
    weight: rounded(weightOf(one)),
  }));
}

/** Voters as a step names them. */
export function plannedDeterminants(voters: readonly Voter[]): PlannedDeterminant[] {
  return voters.map(({ distribution, weight }) => ({
    columns: distribution.grouping.columns,
    weight,
  }));
}

/** Three digits are plenty, and the same on every machine. */
export function rounded(weight: number): number {
  return Math.round(weight * 1000) / 1000;
}
