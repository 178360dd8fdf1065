/** Plans for empty cells: filled where held-out cells show that the group tells them right. */
import { type CodedColumn, EMPTY } from "./coded-table.ts";
import type { Gathering } from "./concentration.ts";
import type { Determinant } from "./determinants.ts";
import { disputesOf } from "./disputes.ts";
import { wilsonLower } from "./intervals.ts";
import { MIN_SUPPORT, type Plan, plannedDeterminants, votersOf } from "./plan.ts";
import { type Voter, voting } from "./vote.ts";

/** Shares of the vote at which empty cells may be filled, most generous first. */
const SHARES = [0.5, 0.7, 0.8, 0.9];
/** The most generous share that is this often right is taken. */
const SURE = 0.95;
/** Fewer held-out cells than this prove nothing; more than that add nothing. */
const TRIALS = { least: 30, most: 20_000 };
/** A guess that is right half of the time is not worth a suggestion. */
const LEAST_CONFIDENCE = 0.5;
/**
 * No estimate from the table itself is worth more. Where the groups hold more than one truth, the
 * cell may also be empty for a reason.
 */
const MOST_CONFIDENCE = { settled: 0.98, divided: 0.75 };

/** The plan that fills a column's empty cells, if the table supports one. */
export function fillPlan(
  dependent: CodedColumn,
  determinants: readonly Determinant[],
  spared: readonly Gathering[],
): Plan | undefined {
  const settled = determinants.filter((one) => one.settled);
  const voters = votersOf(settled.length > 0 ? settled : determinants.slice(0, 1));
  if (voters.length === 0 || dependent.filled === dependent.codes.length) return undefined;
  const option = bestShare(heldOut(dependent, voters));
  const changes = disputesOf(dependent, voters, MIN_SUPPORT).filter(
    ({ own, winnerShare, row }) =>
      own === EMPTY && winnerShare >= option.minShare && !spared.some(({ rows }) => rows.has(row)),
  );
  const most = settled.length > 0 ? MOST_CONFIDENCE.settled : MOST_CONFIDENCE.divided;
  if (changes.length === 0 || option.confidence < LEAST_CONFIDENCE) return undefined;
  return {
    dependent,
    determinants: plannedDeterminants(voters),
    write: "missing",
    minShare: option.minShare,
    minSupport: MIN_SUPPORT,
    minVotes: 0,
    maxOwnShare: 1,
    spared,
    changes,
    support: option.confirmed,
    counterExamples: option.tried - option.confirmed,
    confidence: Math.min(most, option.confidence),
    ground: `of ${option.tried} filled cells that were held out, ${option.confirmed} were told right`,
  };
}

interface Trial {
  readonly share: number;
  readonly right: boolean;
}

function bestShare(trials: readonly Trial[]) {
  const options = SHARES.map((minShare) => {
    const tried = trials.filter(({ share }) => share >= minShare);
    const confirmed = tried.filter(({ right }) => right).length;
    const confidence = tried.length < TRIALS.least ? 0 : wilsonLower(confirmed, tried.length);
    return { minShare, tried: tried.length, confirmed, confidence };
  });
  const sure = options.find(({ confidence }) => confidence >= SURE);
  return sure ?? options.reduce((a, b) => (b.confidence > a.confidence ? b : a));
}

/** Filled cells with what their group says of them when they are left out; evenly spaced when many. */
function heldOut(dependent: CodedColumn, voters: readonly Voter[]): Trial[] {
  const vote = voting(voters, dependent, MIN_SUPPORT);
  const stride = Math.max(1, Math.floor(dependent.filled / TRIALS.most));
  const trials: Trial[] = [];
  let seen = 0;
  for (let row = 0; row < dependent.codes.length; row++) {
    const own = dependent.codes[row]!;
    if (own === EMPTY || seen++ % stride !== 0) continue;
    const outcome = vote(row);
    if (outcome) trials.push({ share: outcome.winnerShare, right: outcome.winner === own });
  }
  return trials;
}
