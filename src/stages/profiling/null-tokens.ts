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

const CERTAINTIES: ReadonlyMap<string, "certain" | "possible"> = new Map([
  ...[...POSSIBLE].map((token) => [token, "possible"] as const),
  ...[...CERTAIN].map((token) => [token, "certain"] as const),
]);
const LONGEST = Math.max(...[...CERTAINTIES.keys()].map((token) => token.length));

/** How surely a spelling means "missing"; null when it does not. Letter case and outer space do not count. */
export function nullTokenCertainty(
  text: string,
  extra: readonly string[] = [],
): "certain" | "possible" | null {
  if (text.length > 40) return null;
  const folded = text.trim().toLowerCase();
  const known = folded.length <= LONGEST ? CERTAINTIES.get(folded) : undefined;
  if (known === "certain") return known;
  if (extra.some((token) => token.trim().toLowerCase() === folded)) return "certain";
  return known ?? null;
}

/** True when a text is one of the spellings for "missing", whatever column it stands in. */
export function isNullToken(text: string, extra: readonly string[] = []): boolean {
  return nullTokenCertainty(text, extra) !== null;
}

/** All spellings, in lower case. */
export function nullLexicon(extra: readonly string[] = []): string[] {
  return [...CERTAIN, ...POSSIBLE, ...extra.map((token) => token.trim().toLowerCase())];
}
