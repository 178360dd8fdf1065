/** Predicates: which rows a step may touch, as SQL and as words. */
import { literal, literals, type Sql } from "../core/index.ts";
import type { Predicate } from "./step.ts";

/** The columns a predicate reads, each once, in the order of their first mention. */
export function predicateColumns(predicate: Predicate): string[] {
  if ("all" in predicate) return unique(predicate.all.flatMap(predicateColumns));
  if ("any" in predicate) return unique(predicate.any.flatMap(predicateColumns));
  if ("not" in predicate) return predicateColumns(predicate.not);
  return [predicate.column];
}

/** Patterns that stand in a predicate. */
export function predicatePatterns(predicate: Predicate): string[] {
  if ("all" in predicate) return predicate.all.flatMap(predicatePatterns);
  if ("any" in predicate) return predicate.any.flatMap(predicatePatterns);
  if ("not" in predicate) return predicatePatterns(predicate.not);
  return "matches" in predicate ? [predicate.matches] : [];
}

/** A condition that is TRUE or FALSE, never NULL; an empty cell equals and matches nothing. */
export function predicateSql(predicate: Predicate, valueOf: (column: string) => Sql): Sql {
  if ("all" in predicate) return joined(predicate.all, " AND ", "TRUE", valueOf);
  if ("any" in predicate) return joined(predicate.any, " OR ", "FALSE", valueOf);
  if ("not" in predicate) return `(NOT ${predicateSql(predicate.not, valueOf)})`;
  const value = valueOf(predicate.column);
  if ("empty" in predicate) return `(${value} IS NULL)`;
  return `coalesce(${leaf(predicate, value)}, FALSE)`;
}

/** A predicate in words: “city” is empty and “state” is “AL”. */
export function predicateWords(predicate: Predicate): string {
  if ("all" in predicate) return predicate.all.map(predicateWords).join(" and ") || "always";
  if ("any" in predicate) return predicate.any.map(predicateWords).join(" or ") || "never";
  if ("not" in predicate) return `not (${predicateWords(predicate.not)})`;
  const column = `“${predicate.column}”`;
  if ("empty" in predicate) return `${column} is empty`;
  if ("equals" in predicate) return `${column} is “${predicate.equals}”`;
  if ("matches" in predicate) return `${column} matches ${predicate.matches}`;
  const [few, more] = [predicate.in.slice(0, 5), predicate.in.length - 5];
  const values = few.map((value) => `“${value}”`).join(", ");
  return `${column} is one of ${values}${more > 0 ? ` and ${more} more` : ""}`;
}

type Leaf = Exclude<
  Predicate,
  { all: unknown } | { any: unknown } | { not: unknown } | { empty: unknown }
>;

function leaf(predicate: Leaf, value: Sql): Sql {
  if ("equals" in predicate) return `${value} = ${literal(predicate.equals)}`;
  if ("matches" in predicate) return `regexp_full_match(${value}, ${literal(predicate.matches)})`;
  return predicate.in.length === 0 ? "FALSE" : `${value} IN ${literals(predicate.in)}`;
}

function joined(
  parts: readonly Predicate[],
  word: string,
  none: Sql,
  valueOf: (column: string) => Sql,
): Sql {
  if (parts.length === 0) return none;
  return `(${parts.map((part) => predicateSql(part, valueOf)).join(word)})`;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
