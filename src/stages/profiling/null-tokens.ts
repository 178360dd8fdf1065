/** Spellings that stand for "missing". */

/** Nothing else is ever meant by these. */
const CERTAIN: ReadonlySet<string> = new Set([
  "n/a",
  "#n/a",
  "n.a.",
  "n.a",
  "n/a.",
  "<n/a>",
  "[n/a]",
  "(n/a)",
  "#na",
  "<na>",
  "null",
  "(null)",
  "<null>",
  "[null]",
  "#null!",
  "\\n",
  "nan",
  "-nan",
  "#value!",
  "#ref!",
  "#div/0!",
  "#name?",
  "#num!",
  "not available",
  "not applicable",
  "notavailable",
  "not specified",
  "not provided",
  "not known",
  "no data",
  "no value",
  "(blank)",
  "(empty)",
  "(none)",
  "<none>",
  "<unknown>",
  "(unknown)",
]);

/** These are words or marks of their own in some columns: a country NA, a severity "none", a sign "-". */
const POSSIBLE: ReadonlySet<string> = new Set([
  "na",
  "none",
  "nil",
  "unknown",
  "missing",
  "undefined",
  "unspecified",
  "-",
  "--",
  "---",
  "\u2013",
  "\u2014",
  "?",
  "??",
  "???",
  ".",
  "..",
  "...",
  "*",
  "**",
  "_",
  "tbd",
  "tba",
]);

/** How surely a spelling means "missing"; null when it does not. Letter case and outer space do not count. */
export function nullTokenCertainty(
  text: string,
  extra: readonly string[] = [],
): "certain" | "possible" | null {
  if (text.length > 40) return null;
  const folded = text.trim().toLowerCase();
  if (CERTAIN.has(folded)) return "certain";
  if (extra.some((token) => token.trim().toLowerCase() === folded)) return "certain";
  return POSSIBLE.has(folded) ? "possible" : null;
}

/** True when a text is one of the spellings for "missing", whatever column it stands in. */
export function isNullToken(text: string, extra: readonly string[] = []): boolean {
  return nullTokenCertainty(text, extra) !== null;
}

/** All spellings, in lower case. */
export function nullLexicon(extra: readonly string[] = []): string[] {
  return [...CERTAIN, ...POSSIBLE, ...extra.map((token) => token.trim().toLowerCase())];
}
