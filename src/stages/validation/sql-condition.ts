/** A user's SQL condition: one boolean expression and nothing that could reach out of it. */

const QUOTES = new Set(["'", '"']);

/** What is wrong with a condition's text; undefined when it is a single expression. */
export function conditionFault(condition: string): string | undefined {
  if (condition.trim() === "") return "it is empty";
  let depth = 0;
  for (let at = 0; at < condition.length; at++) {
    const character = condition.charAt(at);
    if (QUOTES.has(character)) {
      at = condition.indexOf(character, at + 1);
      if (at < 0) return `a ${character} is not closed`;
      continue;
    }
    const fault = faultAt(condition, at);
    if (fault) return fault;
    if (character === "(") depth++;
    if (character === ")" && --depth < 0) return "a ) has no (";
  }
  return depth > 0 ? "a ( is not closed" : undefined;
}

function faultAt(condition: string, at: number): string | undefined {
  if (condition.charAt(at) === ";") return "it has a semicolon, and one expression is expected";
  const two = condition.slice(at, at + 2);
  if (two === "--" || two === "/*") return "it has a comment, and one expression is expected";
  return two === "$$" ? "it has a $$ quote; use '…'" : undefined;
}
