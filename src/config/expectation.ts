/** Says in plain words what a schema expected and what came. */
import type { z } from "zod";
import { didYouMean } from "../core/index.ts";

type Issue = z.core.$ZodIssue;

const NOUNS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
  null: "nothing",
};

/** Names a value; texts are shortened. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const long = typeof value === "string" && value.length > 60;
  return JSON.stringify(long ? `${value.slice(0, 57)}...` : value);
}

/**
 * The issue as a sentence. `value` is what stands at its path, undefined where nothing stands.
 * Unknown keys and unions are not for here: they become several problems.
 */
export function expectationOf(issue: Issue, value: unknown): string {
  const expected = expectedBy(issue);
  if (expected === undefined) return issue.message;
  if (value === undefined) return `expected ${expected}, but it is missing`;
  return `expected ${expected}, got ${describeValue(value)}${hint(value, optionsOf(issue))}`;
}

function expectedBy(issue: Issue): string | undefined {
  const options = optionsOf(issue);
  if (options.length > 0) return oneOf(options);
  if (issue.code === "invalid_type")
    return saidIn(issue) ?? NOUNS[issue.expected] ?? issue.expected;
  if (issue.code === "too_small") return amount(issue.origin, "at least", issue.minimum);
  if (issue.code === "too_big") return amount(issue.origin, "at most", issue.maximum);
  return issue.code === "invalid_format" ? saidIn(issue) : undefined;
}

/** What a schema itself says that it expects. */
function saidIn({ message }: Issue): string | undefined {
  return /^expected (.*)/.exec(message)?.[1];
}

function optionsOf(issue: Issue): readonly unknown[] {
  if (issue.code === "invalid_value") return issue.values;
  if (issue.code !== "invalid_union" || !("options" in issue)) return [];
  return Array.isArray(issue.options) ? issue.options : [];
}

/** `expected text, a list or a map`: for a value that fits no branch of a union. */
export function kindsOf(branches: readonly (readonly Issue[])[]): string {
  const nouns = branches.flatMap((issues) =>
    issues.flatMap((issue) => (issue.code === "invalid_type" ? [NOUNS[issue.expected] ?? ""] : [])),
  );
  return `expected ${listed([...new Set(nouns)].filter(Boolean), "or")}`;
}

/** Text for a key that the schema does not know. */
export function unknownKey(key: string, known: readonly string[]): string {
  const near = didYouMean(key, known);
  if (near !== "" || known.length === 0) return `unknown setting.${near}`;
  return `unknown setting. Known here: ${listed(known.toSorted(), "and")}.`;
}

function amount(origin: string, bound: string, limit: number | bigint): string {
  if (origin === "string") {
    return limit === 1 && bound === "at least"
      ? "text that is not empty"
      : `${bound} ${limit} character${limit === 1 ? "" : "s"}`;
  }
  if (origin === "array") return `${bound} ${limit} ${limit === 1 ? "entry" : "entries"}`;
  return `${origin === "int" ? "a whole number of " : ""}${bound} ${limit}`;
}

function oneOf(values: readonly unknown[]): string {
  return listed(
    values.map((value) => JSON.stringify(value)),
    "or",
  );
}

function hint(value: unknown, values: readonly unknown[]): string {
  if (typeof value !== "string") return "";
  const near = didYouMean(
    value,
    values.filter((v) => typeof v === "string"),
  );
  return near === "" ? "" : `.${near}`;
}

function listed(words: readonly string[], joint: string): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} ${joint} ${words.at(-1)}`;
}
