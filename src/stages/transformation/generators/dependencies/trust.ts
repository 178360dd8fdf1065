/**
 * Which determinants may be believed alone. A cell that contradicts its determinant may be wrong,
 * or the determinant's own cell may be; only a further determinant of the same column can tell.
 *
 * @module
 */
import type { CodedColumn } from "./coded-table.ts";
import { EMPTY } from "./coded-table.ts";
import { contradictedRows } from "./disputes.ts";
import { wilsonLower } from "./intervals.ts";
import { MIN_SUPPORT } from "./plan.ts";
import { type Voter, voting } from "./vote.ts";

/** How often the others sided with a determinant where it contradicted a cell. */
export interface Trust {
  readonly judged: number;
  readonly agreed: number;
  readonly trusted: boolean;
}

/** A verdict is clear when it has this share of the group, and the cell's own value at most that. */
const CLEAR = { share: 0.8, own: 0.1 };
const LEAST_AGREEMENT = 0.95;

/** The trust that each voter has earned, in their order. */
export function trustOf(dependent: CodedColumn, voters: readonly Voter[]): Trust[] {
  const votes = voters.map((voter) => voting([voter], dependent, MIN_SUPPORT));
  const tally = voters.map(() => ({ judged: 0, agreed: 0 }));
  for (const row of contradictedRows(dependent, voters)) {
    const own = dependent.codes[row]!;
    if (own === EMPTY) continue;
    const verdicts = votes.map((vote) => {
      const verdict = vote(row);
      return verdict && verdict.winnerShare >= CLEAR.share ? verdict : undefined;
    });
    for (const [at, verdict] of verdicts.entries()) {
      if (!verdict || verdict.winner === own || verdict.ownShare >= CLEAR.own) continue;
      const others = verdicts.filter((other, place) => place !== at && other !== undefined);
      if (others.length === 0) continue;
      tally[at]!.judged++;
      if (others.every((other) => other?.winner === verdict.winner)) tally[at]!.agreed++;
    }
  }
  return tally.map(({ judged, agreed }) => ({
    judged,
    agreed,
    trusted: wilsonLower(agreed, judged) >= LEAST_AGREEMENT,
  }));
}
