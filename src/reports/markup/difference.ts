/** Two values side by side, with the characters that differ marked. */
import { type Html, html } from "./html.ts";
import {
  cell,
  firstCharacters,
  lengthNote,
  lengthOf,
  marked,
  type Showing,
} from "./visible-text.ts";

/** A run of characters that both values have, or that only this one has. */
interface Run {
  readonly same: boolean;
  readonly characters: string[];
}

/** Characters compared at most; what differs only after them is not marked. */
const COMPARED = 4000;
/** Characters of unchanged text kept around the first difference. */
const AROUND = 24;
/** Product of the two middle lengths up to which single characters are aligned. */
const ALIGNED = 40_000;

/** Old and new value as markup; the part of a long value around its difference is shown. */
export function sideBySide(
  before: string | null,
  after: string | null,
  showing: { readonly before?: Showing; readonly after?: Showing } = {},
): { readonly before: Html; readonly after: Html } {
  if (before === null || after === null) {
    return { before: cell(before, showing.before), after: cell(after, showing.after) };
  }
  const [a, b] = [firstCharacters(before, COMPARED), firstCharacters(after, COMPARED)];
  const head = commonHead(a, b);
  const tail = commonTail(a.slice(head), b.slice(head));
  const middle = aligned(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const runs = (own: Run[], all: string[]): Run[] => [
    { same: true, characters: all.slice(0, head) },
    ...own,
    { same: true, characters: all.slice(all.length - tail) },
  ];
  return {
    before: side("del", runs(middle.a, a), showing.before?.length ?? lengthOf(before)),
    after: side("ins", runs(middle.b, b), showing.after?.length ?? lengthOf(after)),
  };
}

function side(tag: "del" | "ins", runs: readonly Run[], length: number): Html {
  let shown = 0;
  const limit = 120;
  const parts = runs.map(({ same, characters }, i) => {
    const skipped = i === 0 && characters.length > AROUND * 2 ? characters.length - AROUND : 0;
    const kept = characters.slice(skipped, skipped + Math.max(0, limit - shown));
    shown += kept.length;
    const lead = skipped > 0 ? html`<span class="cut">…</span>` : "";
    if (kept.length === 0) return "";
    if (same) return html`${lead}${marked(kept)}`;
    const text = marked(kept, true);
    return tag === "del" ? html`<del>${text}</del>` : html`<ins>${text}</ins>`;
  });
  return html`<bdi class="v">${parts}</bdi>${lengthNote(shown, length)}`;
}

function commonHead(a: readonly string[], b: readonly string[]): number {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i += 1;
  return i;
}

function commonTail(a: readonly string[], b: readonly string[]): number {
  let i = 0;
  while (i < a.length && i < b.length && a.at(-1 - i) === b.at(-1 - i)) i += 1;
  return i;
}

/**
 * The runs of a longest common subsequence. Values that have little in common, or are long, are
 * marked as wholes: a few letters that happen to agree explain nothing.
 */
function aligned(a: readonly string[], b: readonly string[]): { a: Run[]; b: Run[] } {
  const whole = {
    a: [{ same: false, characters: [...a] }],
    b: [{ same: false, characters: [...b] }],
  };
  if (a.length * b.length > ALIGNED) return whole;
  const lengths = commonLengths(a, b);
  const common = lengths[0]?.[0] ?? 0;
  return common * 2 < Math.max(a.length, b.length) ? whole : followed(a, b, lengths);
}

/** Walks along a longest common subsequence. */
function followed(
  a: readonly string[],
  b: readonly string[],
  lengths: readonly (readonly number[])[],
): { a: Run[]; b: Run[] } {
  const runs: { a: Run[]; b: Run[] } = { a: [], b: [] };
  const rest = (i: number, j: number): number => lengths[i]?.[j] ?? -1;
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    if (x !== undefined && x === y) {
      push(runs.a, true, x);
      push(runs.b, true, x);
      [i, j] = [i + 1, j + 1];
    } else if (x !== undefined && rest(i + 1, j) >= rest(i, j + 1)) {
      push(runs.a, false, x);
      i += 1;
    } else {
      push(runs.b, false, y ?? "");
      j += 1;
    }
  }
  return runs;
}

/** `lengths[i][j]`: longest common subsequence of `a` from `i` and `b` from `j`. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () =>
    Array.from({ length: b.length + 1 }, () => 0),
  );
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const [row, below] = [lengths[i] ?? [], lengths[i + 1] ?? []];
    for (let j = b.length - 1; j >= 0; j -= 1) {
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

function push(runs: Run[], same: boolean, character: string): void {
  const last = runs.at(-1);
  if (last?.same === same) last.characters.push(character);
  else runs.push({ same, characters: [character] });
}
