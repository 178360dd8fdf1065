/** RE2 patterns as arguments: what can be said about them before the engine sees them. */
import { z } from "zod";

/** Characters that count as white space at a cell's ends, for an RE2 character class. */
export const SPACE = String.raw`\t\n\v\f\r\x{1C}-\x{1F}\x{85}\p{Z}`;

/** An escaped character, or a character class with what stands in it. */
const SETTLED = /\\[^]|\[\^?\]?(?:\\[^]|\[:\^?\w+:\]|[^\]\\])*\]/g;

/** Why RE2 will not take a pattern, as far as can be seen without it; undefined when it may. */
export function patternProblem(pattern: string): string | undefined {
  if (/(?<!\\)(?:\\\\)*\(\?(?:[=!]|<[=!])/.test(pattern))
    return "RE2 has no lookahead or lookbehind";
  if (/(?<!\\)(?:\\\\)*\\[1-9]/.test(pattern)) return "RE2 has no backreferences";
  return bracketProblem(pattern);
}

/** How many capturing groups a pattern has. */
export function groupCount(pattern: string): number {
  const plain = pattern.replaceAll(SETTLED, "");
  return [...plain.matchAll(/\((?!\?)|\(\?P?</g)].length;
}

function bracketProblem(pattern: string): string | undefined {
  const plain = pattern.replaceAll(SETTLED, "");
  if (plain.includes("\\")) return "it ends in a lone backslash";
  if (plain.includes("[")) return "a character class is not closed";
  let depth = 0;
  for (const c of plain) {
    if (c === "(") depth++;
    if (c === ")" && --depth < 0) return "a closing parenthesis has no opening one";
  }
  return depth > 0 ? "a parenthesis is not closed" : undefined;
}

/** Argument schema of an RE2 pattern. */
export const Pattern = z
  .string()
  .min(1)
  .superRefine((pattern, context) => {
    const problem = patternProblem(pattern);
    if (problem) context.addIssue({ code: "custom", message: `is no RE2 pattern: ${problem}` });
  })
  .meta({ title: "RE2 pattern" });

/** Text made safe to stand for itself in an RE2 pattern. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
}
