/**
 * What to do about one dependent column: which of its disputed and empty cells the vote may
 * write, in which mode, and how sure that is. The estimates come from the data itself: cells that
 * are held out and confirmed, and determinants that confirm each other.
 *
 * @module
 */
import type { CodedColumn, CodedTable } from "./coded-table.ts";
import { EMPTY } from "./coded-table.ts";
import { type Gathering, gatherings } from "./concentration.ts";
import type { Determinant } from "./determinants.ts";
import { type Dispute, disputesOf } from "./disputes.ts";
import { type Voter, voting } from "./vote.ts";

/** One step of `repair_by_dependency`, with what it will do. */
export interface Plan {
  readonly dependent: CodedColumn;
  readonly determinants: readonly { readonly columns: readonly string[]; readonly weight: number }[];
  readonly write: "missing" | "near" | "any";
  readonly minShare: number;
  readonly minSupport: number;
  readonly minVotes: number;
  readonly maxOwnShare: number;
  /** Rows that are left alone: exceptions with a reason of their own. */
  readonly spared: readonly Gathering[];
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
const MIN_SUPPORT = 2;
/** Overwriting: share of the vote, share that the cell's own value may have, weight of two determinants. */
const ANY = { minShare: 0.8, maxOwnShare: 0.1, twoVotes: 1.1 };
const NEAR = { minShare: 0.5, maxOwnShare: 0.2 };
/** Shares at which empty cells may be filled, most generous first. */
const FILL_SHARES = [0.5, 0.7, 0.8, 0.9];
/** A step that would rewrite a larger part of a column is not a repair. */
const MOST_OVERWRITTEN = 0.15;
/** Confirmations asked for before a held-out estimate counts. */
const LEAST_TRIALS = 30;
/** Held-out cells looked at. */
const MOST_TRIALS = 20_000;

/** Plans for the cells that contradict their determinants. */
export function overwritePlans(
  table: CodedTable,
  dependent: CodedColumn,
  determinants: readonly Determinant[],
): Plan[] {
  const settled = determinants.filter((one) => one.settled);
  const [best] = settled;
  if (!best) return [];
  const voters = votersOf(settled);
  const disputes = disputesOf(dependent, voters, MIN_SUPPORT).filter(({ own }) => own !== EMPTY);
  const clear = disputes.filter(isClear);
  const spared = gatherings(
    table,
    dependent,
    disputes
      .filter((one) => one.winnerShare >= NEAR.minShare && one.ownShare < NEAR.maxOwnShare)
      .map(({ row }) => row),
  );
  const isSpared = (row: number) => spared.some(({ rows }) => rows.has(row));
  const alone = crossCheck(dependent, voters, clear);
  const minVotes = alone.trusted ? 0 : ANY.twoVotes;
  const changes = clear.filter((one) => one.votes >= minVotes && !isSpared(one.row));
  const shared = {
    dependent,
    determinants: settled.map(({ columns, mu }) => ({ columns, weight: weightOf(mu) })),
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
      minVotes,
      changes,
      counterExamples: disputes.length - changes.length,
      confidence: 0.97,
      ground: alone.trusted
        ? `where two determinants could judge the same cell, they agreed ${alone.agreed} of ${alone.judged} times`
        : "at least two determinants agree on every changed cell",
    });
  const near = nearPlan(disputes, changes, isSpared);
  if (near) plans.push({ ...shared, ...NEAR, ...near, write: "near", minVotes: 0 });
  return plans;
}

function isClear(one: Dispute): boolean {
  return one.winnerShare >= ANY.minShare && one.ownShare < ANY.maxOwnShare;
}

/** Slips that only one determinant contradicts: likely, but a name may also have two spellings. */
function nearPlan(
  disputes: readonly Dispute[],
  written: readonly Dispute[],
  isSpared: (row: number) => boolean,
): Pick<Plan, "changes" | "counterExamples" | "confidence" | "ground"> | undefined {
  const done = new Set(written.map(({ row }) => row));
  const near = disputes.filter(
    (one) =>
      one.near &&
      one.winnerShare >= NEAR.minShare &&
      one.ownShare < NEAR.maxOwnShare &&
      !done.has(one.row) &&
      !isSpared(one.row),
  );
  const words = near.filter(({ established }) => established).length;
  if (near.length === 0 || words > 0.1 * near.length) return undefined;
  return {
    changes: near,
    counterExamples: words,
    confidence: 0.6,
    ground: "the changed values are small slips of the group's value and stand nowhere else",
  };
}

/**
 * Whether one determinant may be believed alone: on the cells that it contradicts and that another
 * one can judge as clearly, the other must side with it.
 */
function crossCheck(dependent: CodedColumn, voters: readonly Voter[], clear: readonly Dispute[]) {
  let judged = 0;
  let agreed = 0;
  const votes = voters.map((voter) => voting([voter], dependent, MIN_SUPPORT));
  for (const { row } of clear) {
    const verdicts = votes
      .map((vote) => vote(row))
      .filter((one) => one !== undefined && one.winnerShare >= ANY.minShare);
    if (verdicts.length < 2) continue;
    judged++;
    if (verdicts.every((one) => one?.winner === verdicts[0]?.winner)) agreed++;
  }
  return { judged, agreed, trusted: judged >= LEAST_TRIALS && wilsonLower(agreed, judged) >= 0.95 };
}

/** A plan for the empty cells, when held-out cells are confirmed often enough. */
export function fillPlan(
  dependent: CodedColumn,
  determinants: readonly Determinant[],
  emptyCells: number,
): Plan | undefined {
  const settled = determinants.filter((one) => one.settled);
  const chosen = settled.length > 0 ? settled : determinants.slice(0, 1);
  const [best] = chosen;
  if (!best || emptyCells === 0) return undefined;
  const voters = votersOf(chosen);
  const trials = heldOut(dependent, voters);
  const options = FILL_SHARES.map((minShare) => {
    const tried = trials.filter(({ share }) => share >= minShare);
    const confirmed = tried.filter(({ right }) => right).length;
    const confidence = tried.length < LEAST_TRIALS ? 0 : wilsonLower(confirmed, tried.length);
    return { minShare, tried: tried.length, confirmed, confidence };
  });
  const enough = options.find(({ confidence }) => confidence >= 0.95);
  const option = enough ?? options.toSorted((a, b) => b.confidence - a.confidence)[0]!;
  const changes = disputesOf(dependent, voters, MIN_SUPPORT).filter(
    (one) => one.own === EMPTY && one.winnerShare >= option.minShare,
  );
  if (changes.length === 0 || option.confidence < 0.5) return undefined;
  return {
    dependent,
    determinants: chosen.map(({ columns, mu }) => ({ columns, weight: weightOf(mu) })),
    write: "missing",
    minShare: option.minShare,
    minSupport: MIN_SUPPORT,
    minVotes: 0,
    maxOwnShare: 1,
    spared: [],
    changes,
    support: option.confirmed,
    counterExamples: option.tried - option.confirmed,
    confidence: Math.min(0.98, option.confidence),
    ground: `of ${option.tried} filled cells that were held out, ${option.confirmed} were told right`,
  };
}

/** Filled cells with what their group says of them when they are left out; evenly spaced when many. */
function heldOut(dependent: CodedColumn, voters: readonly Voter[]) {
  const vote = voting(voters, dependent, MIN_SUPPORT);
  const stride = Math.max(1, Math.floor(dependent.filled / MOST_TRIALS));
  const trials: { share: number; right: boolean }[] = [];
  let seen = 0;
  for (let row = 0; row < dependent.codes.length; row++) {
    const own = dependent.codes[row]!;
    if (own === EMPTY || seen++ % stride !== 0) continue;
    const outcome = vote(row);
    if (outcome) trials.push({ share: outcome.winnerShare, right: outcome.winner === own });
  }
  return trials;
}

function votersOf(determinants: readonly Determinant[]): Voter[] {
  return determinants.map(({ distribution, mu }) => ({ distribution, weight: weightOf(mu) }));
}

/** Three digits are plenty, and the same on every machine. */
function weightOf(mu: number): number {
  return Math.round(mu * 1000) / 1000;
}

/** Lower end of Wilson's 90 % interval for a share. */
export function wilsonLower(successes: number, trials: number): number {
  if (trials === 0) return 0;
  const z = 1.2816;
  const share = successes / trials;
  const centre = share + (z * z) / (2 * trials);
  const margin = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return (centre - margin) / (1 + (z * z) / trials);
}
