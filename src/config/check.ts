/** Checks a configuration file: every problem in one pass. */
import type { z } from "zod";
import type { SourceDocument } from "./document.ts";
import { describeValue, expectationOf, kindsOf, unknownKey } from "./expectation.ts";
import { PipelineFile } from "./file.ts";
import { flawOfName } from "./names.ts";
import type { Path, Problem } from "./problems.ts";
import { knownKeys } from "./schema.ts";
import { valueAt } from "./value-at.ts";

type Issue = z.core.$ZodIssue;

/** All that is wrong with a file's value: its shape, then what a shape cannot say. */
export function checkFile(value: unknown, source: SourceDocument): Problem[] {
  const checked = PipelineFile.safeParse(value, { reportInput: true });
  const shape = (checked.error?.issues ?? []).flatMap((issue) =>
    problemsOf(issue, [], value, source),
  );
  return [...shape, ...accountProblems(value, source)];
}

function problemsOf(issue: Issue, above: Path, value: unknown, source: SourceDocument): Problem[] {
  const path: Path = [
    ...above,
    ...issue.path.map((key) => (typeof key === "number" ? key : String(key))),
  ];
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(path, value);
    return issue.keys.map((key) => source.problemOfKey([...path, key], unknownKey(key, known)));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branch = issue.errors.find((issues) => !issues.some(rejectsTheWhole));
    if (branch) return branch.flatMap((inner) => problemsOf(inner, path, value, source));
    return [source.problem(path, `${kindsOf(issue.errors)}, ${shown(path, value, source)}`)];
  }
  return [source.problem(path, expectationOf(issue, shownValue(path, value, source)))];
}

/** A branch of a union that is for another kind of value altogether. */
function rejectsTheWhole(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code === "invalid_type";
}

function shown(path: Path, value: unknown, source: SourceDocument): string {
  const at = shownValue(path, value, source);
  return at === undefined ? "but it is missing" : `got ${describeValue(at)}`;
}

/** The value at a path, as it stands in the file: what came from the environment may be a secret. */
function shownValue(path: Path, value: unknown, source: SourceDocument): unknown {
  const found = valueAt(value, path);
  return typeof found === "string" ? (source.sourceAt(path) ?? found) : found;
}

function accountProblems(value: unknown, source: SourceDocument): Problem[] {
  const accounts = entriesOf(valueAt(value, ["accounts"]));
  const ids = accounts.map((account) => valueAt(account, ["id"]));
  return [
    ...nameProblems(ids, (i) => ["accounts", i, "id"], "an account id", source),
    ...accounts.flatMap((account, i) =>
      inputProblems(valueAt(account, ["inputs"]), ["accounts", i, "inputs"], source),
    ),
  ];
}

function inputProblems(inputs: unknown, path: Path, source: SourceDocument): Problem[] {
  const list = Array.isArray(inputs);
  const entries = list ? entriesOf(inputs) : [inputs];
  const at = (i: number): Path => (list ? [...path, i] : path);
  const names = entries.map((entry) => valueAt(entry, ["name"]));
  const wanting = entries.flatMap((entry, i) => {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return [];
    const given = ["path", "paths"].filter((key) => key in entry);
    if (given.length === 1) return [];
    const came = given.length === 0 ? "neither" : "both";
    return [source.problem(at(i), `expected either path or paths, got ${came}`)];
  });
  return [...wanting, ...nameProblems(names, (i) => [...at(i), "name"], "a dataset name", source)];
}

/** Names that are no safe folder names, and those that stand twice. */
function nameProblems(
  names: readonly unknown[],
  pathOf: (i: number) => Path,
  noun: string,
  source: SourceDocument,
): Problem[] {
  const firsts = new Map<string, number>();
  return names.flatMap((name, i) => {
    if (typeof name !== "string") return [];
    const path = pathOf(i);
    const flaw = flawOfName(name);
    if (flaw !== undefined) {
      const came = JSON.stringify(source.sourceAt(path) ?? name);
      return [source.problem(path, `${noun} is a folder's name: ${flaw}, got ${came}`)];
    }
    const first = firsts.get(name.toLowerCase());
    if (first === undefined) {
      firsts.set(name.toLowerCase(), i);
      return [];
    }
    return [
      source.problem(
        path,
        `expected ${noun} of its own: "${name}" is taken by number ${first + 1}`,
      ),
    ];
  });
}

function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
