/**
 * The error channel: which character stands where another should, learned from rare values that
 * are one edit from a frequent one, over all columns. Natural neighbours (Paris, Parish) differ in
 * all sorts of letters; noise has a signature.
 *
 * @module
 */
import { editsBetween } from "../dependencies/index.ts";
import type { NearPair } from "./near-frequent.ts";

/** A character that noise writes: in the place of others, or between them. */
export interface Channel {
  readonly kind: "substitute" | "insert";
  readonly character: string;
  /** Pairs that show it, and all pairs seen. */
  readonly shown: number;
  readonly pairs: number;
}

/** Share of all edits, and number of edits, that make a channel. */
const LEAST_SHARE = 0.3;
const LEAST_SHOWN = 10;
/** How many times more often than in ordinary text the character must stand in edits. */
const LEAST_LIFT = 5;
/** Different counterparts that a substitute must hide; noise strikes without choice. */
const LEAST_VARIETY = 4;

/** What was seen of one kind of edit of one character. */
interface Shown {
  readonly kind: Channel["kind"];
  readonly character: string;
  count: number;
  readonly meant: Set<string>;
}

/** The channels that the pairs show, strongest first. */
export function channelsOf(pairs: readonly NearPair[]): Channel[] {
  const shown = new Map<string, Shown>();
  const ordinary = new Map<string, number>();
  let characters = 0;
  for (const { rare, frequent } of pairs) {
    const [best] = frequent;
    const [edit] = best ? editsBetween(rare.value, best.value) : [];
    if (!best || !edit) continue;
    for (const character of best.value) {
      ordinary.set(character, (ordinary.get(character) ?? 0) + 1);
      characters++;
    }
    if (edit.kind !== "substitute" && edit.kind !== "delete") continue;
    // To delete a found character is to undo an insertion.
    const kind = edit.kind === "delete" ? "insert" : "substitute";
    const key = `${kind} ${edit.found}`;
    const seen = shown.get(key) ?? { kind, character: edit.found, count: 0, meant: new Set() };
    seen.count++;
    seen.meant.add(edit.meant);
    shown.set(key, seen);
  }
  return [...shown.values()]
    .filter(({ kind, count, meant, character }) => {
      const usual = (ordinary.get(character) ?? 0) / Math.max(1, characters);
      return (
        count >= Math.max(LEAST_SHOWN, LEAST_SHARE * pairs.length) &&
        count >= LEAST_LIFT * usual * pairs.length &&
        (kind === "insert" || meant.size >= LEAST_VARIETY)
      );
    })
    .toSorted((a, b) => b.count - a.count || (a.character < b.character ? -1 : 1))
    .map(({ kind, character, count }) => ({ kind, character, shown: count, pairs: pairs.length }));
}
