/**
 * The cells of one dependent column that its determinants would fill or contradict.
 *
 * @module
 */
import { editDistance } from "./edits.ts";
import { type CodedColumn, EMPTY } from "./coded-table.ts";
import { isCoherent } from "./groups.ts";
import { type Voter, type Vote, voting } from "./vote.ts";

/** A cell and the vote on it. */
export interface Dispute extends Vote {
  readonly row: number;
  /** Code of the cell's value; {@link EMPTY} when it is empty. */
  readonly own: number;
  /** A small edit apart from the winner. */
  readonly near: boolean;
  /** Its value wins elsewhere, so it is a word of the column's language. */
  readonly established: boolean;
}

/** All empty or contradicted cells on which there is a vote, in row order. */
export function disputesOf(
  dependent: CodedColumn,
  voters: readonly Voter[],
  minSupport: number,
): Dispute[] {
  const vote = voting(voters, dependent, minSupport);
  const established = establishedValues(voters, dependent);
  const found: Dispute[] = [];
  for (const row of contradictedRows(dependent, voters)) {
    const own = dependent.codes[row]!;
    const outcome = vote(row);
    if (!outcome || outcome.winner === own) continue;
    const near = own !== EMPTY && isNear(dependent.values[own]!, dependent.values[outcome.winner]!);
    found.push({
      row,
      own,
      near,
      established: own !== EMPTY && established[own] === 1,
      ...outcome,
    });
  }
  return found;
}

/** Rows whose cell is empty, or is not the most frequent value of each of its groups. */
export function contradictedRows(dependent: CodedColumn, voters: readonly Voter[]): number[] {
  const tops = voters.map(({ distribution }) => topValues(distribution));
  const rows: number[] = [];
  for (let row = 0; row < dependent.codes.length; row++) {
    const own = dependent.codes[row]!;
    if (own === EMPTY || !agreesWithAll(voters, tops, row, own)) rows.push(row);
  }
  return rows;
}

/** Whether two values differ by a slip: at most one edit, or three in ten characters. */
function isNear(found: string, meant: string): boolean {
  const limit = Math.max(1, Math.floor(0.3 * found.length));
  return editDistance(found, meant, limit) <= limit;
}

function agreesWithAll(
  voters: readonly Voter[],
  tops: readonly Int32Array[],
  row: number,
  own: number,
): boolean {
  return voters.every(({ distribution }, index) => {
    const group = distribution.grouping.groups[row]!;
    return group === EMPTY || tops[index]![group] === own;
  });
}

function topValues({ starts, values, counts, totals }: Voter["distribution"]): Int32Array {
  const tops = new Int32Array(totals.length).fill(EMPTY);
  for (let group = 0; group < totals.length; group++) {
    let most = 0;
    for (let entry = starts[group]!; entry < starts[group + 1]!; entry++)
      if (counts[entry]! > most) [most, tops[group]] = [counts[entry]!, values[entry]!];
  }
  return tops;
}

/** 1 for each value that is a coherent part of at least one group. */
function establishedValues(voters: readonly Voter[], dependent: CodedColumn): Uint8Array {
  const established = new Uint8Array(dependent.values.length);
  for (const { distribution } of voters) {
    const { starts, values, counts, totals } = distribution;
    for (let group = 0; group < totals.length; group++)
      for (let entry = starts[group]!; entry < starts[group + 1]!; entry++)
        if (isCoherent(counts[entry]!, totals[group]!)) established[values[entry]!] = 1;
  }
  return established;
}
