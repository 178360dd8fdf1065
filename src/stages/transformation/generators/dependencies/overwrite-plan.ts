/** Plans for cells that contradict what determines them. */
import { editDistance } from "./edits.ts";
import type { CodedColumn, CodedTable } from "./coded-table.ts";
import { EMPTY } from "./coded-table.ts";
import { type Gathering, gatherings } from "./concentration.ts";
import type { Determinant } from "./determinants.ts";
import { type Dispute, disputesOf } from "./disputes.ts";
import { MIN_SUPPORT, type Plan, plannedDeterminants, votersOf } from "./plan.ts";
import { trustOf } from "./trust.ts";

/** Share of the vote that overwrites, and share that the cell's own value may have. */
const ANY = { minShare: 0.8, maxOwnShare: 0.1 };
const NEAR = { minShare: 0.6, maxOwnShare: 0.1 };
/** Weights: one trusted determinant suffices, of the others two must agree. */
const WEIGHT = { trusted: 1, other: 0.5, needed: 0.9 };
/** A cell contradicted this clearly counts when exceptions are looked for. */
const CONTRADICTED = { share: 0.5, own: 0.2 };
/** A step that would rewrite a larger part of a column is not a repair. */
const MOST_OVERWRITTEN = 0.15;
/** Slips: edits at most, in short and in long texts; rows that may hold the same slip. */
const SLIP = { short: 6, editsShort: 1, editsLong: 2, rows: 2 };
/** Slips at least, and as a share of the cells, before typing errors are the likely reason. */
const LEAST_SLIPS = 8;
const LEAST_SLIP_SHARE = 0.005;
const CONFIDENCE = { any: 0.97, slips: 0.88, fewSlips: 0.45 };

/** Rows that differ as a block, by a reason of their own, from what determines the column. */
export function exceptions(
  table: CodedTable,
  dependent: CodedColumn,
  determinants: readonly Determinant[],
): Gathering[] {
  const contradicted = contradictions(dependent, determinants).filter(
    (one) => one.winnerShare >= CONTRADICTED.share && one.ownShare < CONTRADICTED.own,
  );
  return gatherings(
    table,
    dependent,
    contradicted.map(({ row }) => row),
  );
}

/** What overwrites clear contradictions, and what overwrites slips; exceptions are spared. */
export function overwritePlans(
  dependent: CodedColumn,
  settled: readonly Determinant[],
  spared: readonly Gathering[],
): Plan[] {
  const determinants = independent(settled);
  const [best] = determinants;
  if (!best) return [];
  const trusts = trustOf(dependent, votersOf(determinants));
  const weights = new Map(
    determinants.map((one, at) => [one, trusts[at]?.trusted ? WEIGHT.trusted : WEIGHT.other]),
  );
  const voters = votersOf(determinants, (one) => weights.get(one) ?? WEIGHT.other);
  const open = disputesOf(dependent, voters, MIN_SUPPORT).filter(
    ({ own, row }) => own !== EMPTY && !spared.some(({ rows }) => rows.has(row)),
  );
  const changes = open.filter(
    (one) =>
      one.votes >= WEIGHT.needed &&
      one.winnerShare >= ANY.minShare &&
      one.ownShare < ANY.maxOwnShare,
  );
  const trusted = trusts.find((one) => one.trusted);
  const shared = {
    dependent,
    determinants: plannedDeterminants(voters),
    minSupport: MIN_SUPPORT,
    spared,
    support: best.judged - best.disputed,
  };
  const plans: Plan[] = [];
  if (changes.length > 0 && changes.length <= MOST_OVERWRITTEN * dependent.filled)
    plans.push({
      ...shared,
      ...ANY,
      write: "any",
      minVotes: WEIGHT.needed,
      changes,
      counterExamples: open.length - changes.length,
      confidence: CONFIDENCE.any,
      ground: trusted
        ? `where determinants could check each other, they agreed ${trusted.agreed} of ${trusted.judged} times`
        : "at least two determinants agree on every changed cell",
    });
  const slips = slipPlan(dependent, open, changes, best.judged);
  if (slips) plans.push({ ...shared, ...NEAR, ...slips, write: "near", minVotes: 0 });
  return plans;
}

/** Determinants without a column in common, strongest first: a wrong cell must not vote twice. */
function independent(determinants: readonly Determinant[]): Determinant[] {
  const used = new Set<string>();
  return determinants.filter(({ columns }) => {
    if (columns.some((name) => used.has(name))) return false;
    for (const name of columns) used.add(name);
    return true;
  });
}

function contradictions(dependent: CodedColumn, determinants: readonly Determinant[]): Dispute[] {
  return disputesOf(dependent, votersOf(determinants), MIN_SUPPORT).filter(
    ({ own }) => own !== EMPTY,
  );
}

/**
 * Values that stand nowhere else and are a slip of what their group says. A few of them may be
 * second spellings of a name; many are typing errors.
 */
function slipPlan(
  dependent: CodedColumn,
  open: readonly Dispute[],
  written: readonly Dispute[],
  judged: number,
): Pick<Plan, "changes" | "counterExamples" | "confidence" | "ground" | "only"> | undefined {
  const done = new Set(written.map(({ row }) => row));
  const slips = open.filter(
    (one) =>
      !done.has(one.row) &&
      !one.established &&
      one.near &&
      one.winnerShare >= NEAR.minShare &&
      one.ownShare < NEAR.maxOwnShare &&
      dependent.counts[one.own]! <= SLIP.rows &&
      isSlip(dependent.values[one.own] ?? "", dependent.values[one.winner] ?? ""),
  );
  if (slips.length === 0) return undefined;
  const many = slips.length >= Math.max(LEAST_SLIPS, LEAST_SLIP_SHARE * judged);
  const only = [...new Set(slips.map(({ own }) => dependent.values[own] ?? ""))];
  return {
    changes: slips,
    only: only.toSorted((a, b) => (a < b ? -1 : 1)),
    counterExamples: open.length - slips.length - written.length,
    confidence: many ? CONFIDENCE.slips : CONFIDENCE.fewSlips,
    ground: `${slips.length} values are one or two letters off their group's value and stand nowhere else`,
  };
}

function isSlip(found: string, meant: string): boolean {
  const limit = found.length < SLIP.short ? SLIP.editsShort : SLIP.editsLong;
  return editDistance(found, meant, limit) <= limit;
}
