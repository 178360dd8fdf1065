/** Noise for clean cells, in the manner of the errors that a step claims to repair. */
import { randomOf } from "./random.ts";

/** A cell that noise is put into. */
export interface CleanCell {
  readonly row: number;
  readonly column: string;
  readonly value: string;
}

/** A change as a step made it: what it saw and what it wrote. */
export interface Edit {
  readonly old: string;
  readonly new: string;
}

/** A cell with its noise; null is an empty cell. */
export interface NoisyCell extends CleanCell {
  readonly noise: string | null;
}

/** The characters that stand, in the edits, where another one belongs; each as often as it does. */
export function dirtyCharacters(edits: readonly Edit[]): string[] {
  return edits.flatMap((edit) => {
    const [dirty, right] = [Array.from(edit.old), Array.from(edit.new)];
    if (dirty.length !== right.length) return [];
    return dirty.filter((character, i) => character !== right[i]);
  });
}

/**
 * Noise for each cell: every other one is emptied, the rest get one wrong character, taken from
 * `dirty` or, where no edit shows any, from the cells themselves.
 */
export function withNoise(
  cells: readonly CleanCell[],
  dirty: readonly string[],
  seed: string,
): NoisyCell[] {
  const random = randomOf(seed);
  const characters =
    dirty.length > 0 ? dirty : Array.from(cells.map(({ value }) => value).join(""));
  return cells.map((cell, i) => {
    const noise = i % 2 === 0 ? null : mistyped(cell.value, characters, random);
    return { ...cell, noise };
  });
}

function mistyped(
  value: string,
  characters: readonly string[],
  random: () => number,
): string | null {
  const letters = Array.from(value);
  const at = Math.floor(random() * letters.length);
  const others = characters.filter((character) => character !== letters[at]);
  const wrong = others[Math.floor(random() * others.length)];
  const noise = letters.with(at, wrong ?? "").join("");
  return noise.trim() === "" ? null : noise;
}
