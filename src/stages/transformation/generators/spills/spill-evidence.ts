/** Tokens of one column that belong into another that is empty in the same row. */
import type { Change } from "../../change-evidence.ts";
import { cells, type ValueWithCount } from "../../column-values.ts";

/** What may stand between a value and a token that spilled into it; longer marks first. */
const SEPARATORS = [", ", "; ", " | ", " - ", " ", ",", ";", "|", "/"] as const;

/** Where a token stands. */
export type Position = "first" | "last";

/** A token taken off a text. */
export interface Split {
  readonly token: string;
  readonly rest: string;
}

/** Texts of a column: those in rows whose other column is empty, and those in rows where it is filled. */
export interface SpillSides {
  readonly whereEmpty: readonly ValueWithCount[];
  readonly whereFilled: readonly ValueWithCount[];
  /** Values of the other column. */
  readonly domain: ReadonlySet<string>;
}

/** How well a pair of columns fits a spill. */
export interface Spill {
  readonly position: Position;
  readonly separator: string;
  readonly changes: readonly Change[];
  readonly tokens: readonly string[];
  /** Cells that end (or begin) with a value of the other column, which is empty there. */
  readonly support: number;
  /** Cells that do so although the other column is filled. */
  readonly counterExamples: number;
  readonly confidence: number;
}

const FEWEST = 3;
/** Share of the rows with an empty cell that must carry a token. */
const SHARE = 0.2;
/** Where the other column is filled, such tokens must be rare: otherwise they belong to the text. */
const NATURAL = 0.05;

/** Take the first or last token off a text; undefined when it has only one. */
export function splitToken(text: string, separator: string, position: Position): Split | undefined {
  const at = position === "last" ? text.lastIndexOf(separator) : text.indexOf(separator);
  if (at < 0) return undefined;
  const [before, after] = [text.slice(0, at), text.slice(at + separator.length)];
  const [token, rest] = position === "last" ? [after, before] : [before, after];
  return token === "" || rest.trim() === "" ? undefined : { token, rest };
}

/** The best-supported spill of a pair of columns, if there is any. */
export function findSpill(sides: SpillSides): Spill | undefined {
  let best: Spill | undefined;
  for (const position of ["last", "first"] as const)
    for (const separator of SEPARATORS) {
      const spill = spillAt(sides, separator, position);
      if (spill && (!best || spill.support > best.support)) best = spill;
    }
  return best;
}

function spillAt(sides: SpillSides, separator: string, position: Position): Spill | undefined {
  const { whereEmpty, whereFilled, domain } = sides;
  const taken = (values: readonly ValueWithCount[]) =>
    values.flatMap(({ value, count }) => {
      const split = splitToken(value, separator, position);
      return split && domain.has(split.token) && isTelling(split.token)
        ? [{ ...split, value, count }]
        : [];
    });
  const spilled = taken(whereEmpty);
  const support = cells(spilled);
  if (support < FEWEST || support < SHARE * cells(whereEmpty)) return undefined;
  const natural = cells(taken(whereFilled));
  if (natural > NATURAL * cells(whereFilled)) return undefined;
  const known = new Set(whereFilled.map(({ value }) => value));
  const rests = cells(spilled.filter(({ rest }) => known.has(rest)));
  const most = support >= 0.8 * cells(whereEmpty);
  // Nothing to compare with yet.
  if (whereFilled.length > 0 && !most && rests < SHARE * support) return undefined;
  return {
    position,
    separator,
    changes: spilled.map(({ value, rest, count }) => ({ old: value, new: rest, count })),
    tokens: [...new Set(spilled.map(({ token }) => token))].toSorted(),
    support,
    counterExamples: natural,
    confidence: most && rests > 0 ? 0.97 : 0.85,
  };
}

/** A lone digit or two ends many texts by chance. */
function isTelling(token: string): boolean {
  return /\p{L}/u.test(token) || /^\d{4,}$/.test(token);
}
