/**
 * Authorities in a table of reports: sources that speak for their own entities. Where entity
 * names carry their owner's name as a part (an order number with its shop's, a train with its
 * railway's), the source of that name reports first-hand, and the others repeat or measure
 * something else. The table itself must confirm it: the owner must never stand against what the
 * others agree on.
 *
 * @module
 */
import { type CodedColumn, type CodedTable, EMPTY } from "./coded-table.ts";
import { distributionOf, groupingOf } from "./groups.ts";
import { wilsonLower } from "./intervals.ts";
import type { Reports } from "./reports.ts";

/** For each entity (by code) the row in which its owner reports; {@link EMPTY} where none does. */
export interface Authority {
  readonly rowOf: Int32Array;
  /** Names of the owning sources. */
  readonly owners: readonly string[];
  /** Cells that the others agree on, and those of them on which the owner agrees too. */
  readonly judged: number;
  readonly agreed: number;
}

/** Different owners that must be found: one alone may be an accident of naming. */
const LEAST_OWNERS = 2;
/** Entities of each owner. */
const LEAST_ENTITIES = 3;
/** Share of the entities that must have an owner who reports. */
const LEAST_COVERED = 0.9;
/** Share of an owner's rows that are about its own entities. */
const LEAST_OWN = 0.98;
/** Sources besides the owner that make a consensus, and the share of them that must agree. */
const CONSENSUS = { rows: 4, share: 0.9 };
/** Consensus cells on which the owner must agree (lower bound), and how many there must be. */
const LEAST_AGREEMENT = 0.95;
const LEAST_JUDGED = 50;

/** The authority of a table of reports, if its entities' names and its cells show one. */
export function authorityIn(table: CodedTable, reports: Reports): Authority | undefined {
  const names = reports.entity.values.map(partsOf);
  const places = names.reduce((most, parts) => Math.max(most, parts.length), 0);
  for (let place = 0; place < places; place++) {
    const owner = names.map((parts) => parts[place] ?? "");
    const rowOf = ownersRows(reports, owner);
    if (!rowOf || !owns(reports, owner, rowOf)) continue;
    const owners = [...new Set(namesOf(reports, rowOf))].toSorted((a, b) => (a < b ? -1 : 1));
    const { judged, agreed } = consensus(table, reports, rowOf);
    if (judged >= LEAST_JUDGED && wilsonLower(agreed, judged) >= LEAST_AGREEMENT)
      return { rowOf, owners, judged, agreed };
  }
  return undefined;
}

function partsOf(name: string): string[] {
  return name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
}

/** The single row of each entity whose source is its owner; undefined when too few have one. */
function ownersRows({ entity, source }: Reports, owner: readonly string[]): Int32Array | undefined {
  const sources = source.values.map((name) => name.toLowerCase());
  const rowOf = new Int32Array(entity.values.length).fill(EMPTY);
  let covered = 0;
  for (let row = 0; row < entity.codes.length; row++) {
    const about = entity.codes[row]!;
    if (sources[source.codes[row]!] !== owner[about] || rowOf[about] !== EMPTY) continue;
    rowOf[about] = row;
    covered++;
  }
  return covered >= LEAST_COVERED * entity.values.length ? rowOf : undefined;
}

/** Whether there are several owners, each of several entities and (nearly) of nothing else's. */
function owns(reports: Reports, owner: readonly string[], rowOf: Int32Array): boolean {
  const { entity, source } = reports;
  const entities = new Map<number, number>();
  for (const row of rowOf)
    if (row !== EMPTY)
      entities.set(source.codes[row]!, (entities.get(source.codes[row]!) ?? 0) + 1);
  if (entities.size < LEAST_OWNERS) return false;
  if ([...entities.values()].some((count) => count < LEAST_ENTITIES)) return false;
  let all = 0;
  let own = 0;
  for (let row = 0; row < source.codes.length; row++) {
    if (!entities.has(source.codes[row]!)) continue;
    all++;
    if (source.values[source.codes[row]!]!.toLowerCase() === owner[entity.codes[row]!]) own++;
  }
  return own >= LEAST_OWN * all;
}

function namesOf({ source }: Reports, rowOf: Int32Array): string[] {
  return [...rowOf].flatMap((row) =>
    row === EMPTY ? [] : [source.values[source.codes[row]!] ?? ""],
  );
}

/** How often the owner says what nearly all others say, over all reported columns. */
function consensus(table: CodedTable, { entity, source }: Reports, rowOf: Int32Array) {
  const sum = { judged: 0, agreed: 0 };
  for (const column of table.columns) {
    if (column === entity || column === source) continue;
    const { starts, values, counts, totals } = distributionOf(groupingOf(entity), column);
    for (const [about, row] of rowOf.entries()) {
      const own = row === EMPTY ? EMPTY : column.codes[row]!;
      const others = totals[about]! - 1;
      if (own === EMPTY || others < CONSENSUS.rows) continue;
      for (let entry = starts[about]!; entry < starts[about + 1]!; entry++) {
        const count = counts[entry]! - (values[entry] === own ? 1 : 0);
        if (count < CONSENSUS.share * others) continue;
        sum.judged++;
        if (values[entry] === own) sum.agreed++;
      }
    }
  }
  return sum;
}

/** A cell that its entity's owner tells otherwise. */
export interface Correction {
  /** Code of the entity, of the cell's value ({@link EMPTY} for an empty cell) and of the owner's. */
  readonly about: number;
  readonly own: number;
  readonly told: number;
  /** Rows. */
  readonly count: number;
}

/** What the authority would change in one column. */
export function corrections(
  { entity }: Reports,
  { rowOf }: Authority,
  column: CodedColumn,
): Correction[] {
  const counts = new Map<string, Correction>();
  for (let row = 0; row < column.codes.length; row++) {
    const about = entity.codes[row]!;
    const from = rowOf[about]!;
    const told = from === EMPTY ? EMPTY : column.codes[from]!;
    const own = column.codes[row]!;
    if (told === EMPTY || told === own) continue;
    const key = `${about} ${own}`;
    counts.set(key, { about, own, told, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((a, b) => a.about - b.about || a.own - b.own);
}
