/** Spellings that stand for "missing", by how surely they do. */

/** Marks that programs write; hardly ever a value of their own. */
const MARKS = new Set([
  "n/a",
  "#n/a",
  "#n/a n/a",
  "#na",
  "<na>",
  "null",
  "(null)",
  "<null>",
  "[null]",
  "\\n",
  "nan",
  "-nan",
  "1.#qnan",
  "1.#ind",
  "#null!",
  "#value!",
  "#ref!",
  "#div/0!",
  "#name?",
  "#num!",
  "n.a.",
  "n.a",
  "not available",
  "not applicable",
  "not provided",
  "(blank)",
  "(empty)",
  "(none)",
  "(unknown)",
]);

/** Punctuation that stands alone in a cell. */
const DASHES = /^(?:[-–—]{1,3}|\?{1,3}|\.{1,3}|_{1,3})$/;

/** Words that may as well be a category ("none"), a code ("NA") or a name. */
const WORDS = new Set([
  "na",
  "nil",
  "none",
  "empty",
  "blank",
  "missing",
  "unknown",
  "undefined",
  "unspecified",
  "not known",
  "not specified",
  "not given",
  "no data",
  "no value",
  "tbd",
  "tba",
]);

export type NullTokenClass = "mark" | "dash" | "word";

/** How a text stands for "missing", if it does. White space around it does not count. */
export function nullTokenClass(text: string): NullTokenClass | undefined {
  const bare = text.trim();
  const lower = bare.toLowerCase();
  if (MARKS.has(lower)) return "mark";
  if (DASHES.test(bare)) return "dash";
  return WORDS.has(lower) ? "word" : undefined;
}
