/**
 * The leave-one-out vote: what the other rows of a cell's groups say it should be. It mirrors the
 * operation `repair_by_dependency`, so that a proposal knows beforehand which cells it will change.
 *
 * @module
 */
import { type CodedColumn, EMPTY } from "./coded-table.ts";
import type { Distribution } from "./groups.ts";

export interface Voter {
  readonly distribution: Distribution;
  readonly weight: number;
}

/** The outcome for one cell. Shares are of the weight that voted. */
export interface Vote {
  readonly winner: number;
  readonly winnerShare: number;
  /** Share of the cell's own value among the other rows; 0 for an empty cell. */
  readonly ownShare: number;
  /** Sum of the weights that voted. */
  readonly votes: number;
  /** Other rows in the largest group that voted. */
  readonly support: number;
}

/** A function that tells the vote on one row, or undefined where no voter has enough rows. */
export function voting(
  voters: readonly Voter[],
  dependent: CodedColumn,
  minSupport: number,
): (row: number) => Vote | undefined {
  const score = new Float64Array(dependent.values.length);
  const touched: number[] = [];
  return (row) => {
    const own = dependent.codes[row] ?? EMPTY;
    let votes = 0;
    let support = 0;
    touched.length = 0;
    for (const { distribution, weight } of voters) {
      const group = distribution.grouping.groups[row] ?? EMPTY;
      if (group === EMPTY) continue;
      const others = distribution.totals[group]! - (own === EMPTY ? 0 : 1);
      if (others < minSupport) continue;
      votes += weight;
      support = Math.max(support, others);
      addShares(distribution, group, own, weight / others, score, touched);
    }
    if (votes === 0) return undefined;
    return { ...outcome(score, touched, own, votes), votes, support };
  };
}

function addShares(
  { starts, values, counts }: Distribution,
  group: number,
  own: number,
  perRow: number,
  score: Float64Array,
  touched: number[],
): void {
  for (let entry = starts[group]!; entry < starts[group + 1]!; entry++) {
    const value = values[entry]!;
    const count = counts[entry]! - (value === own ? 1 : 0);
    if (count === 0) continue;
    if (score[value] === 0) touched.push(value);
    score[value]! += count * perRow;
  }
}

/** The value with most weight; among equals the first in text order. Clears the scores. */
function outcome(score: Float64Array, touched: readonly number[], own: number, votes: number) {
  let winner = EMPTY;
  let best = 0;
  let mine = 0;
  for (const value of touched) {
    const weight = score[value]!;
    if (value === own) mine = weight;
    if (weight > best || (weight === best && value < winner)) [winner, best] = [value, weight];
    score[value] = 0;
  }
  return { winner, winnerShare: best / votes, ownShare: mine / votes };
}
