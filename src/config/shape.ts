/** Says where and how a value differs from a schema. */
import type { z } from "zod";
import type { SourceDocument } from "./document.ts";
import { describeValue, expectationOf, kindsOf, unknownKey } from "./expectation.ts";
import type { Path, Problem } from "./problems.ts";
import { valueAt } from "./value-at.ts";

type Issue = z.core.$ZodIssue;

/** What is needed to turn issues into problems. */
export interface ShapeContext {
  /** The whole file as plain data. */
  readonly value: unknown;
  readonly source: SourceDocument;
  /** Keys that the map at a path may have. */
  readonly known: (path: Path) => readonly string[];
  /** Whether an issue at a path is for nobody to mend. */
  readonly ignore?: (issue: Issue, path: Path) => boolean;
}

/** The problems of issues that were found in what stands below `above`. */
export function shapeProblems(
  issues: readonly Issue[],
  above: Path,
  context: ShapeContext,
): Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, above, context));
}

function problemsOf(issue: Issue, above: Path, context: ShapeContext): Problem[] {
  const { value, source, known } = context;
  const path: Path = [
    ...above,
    ...issue.path.map((key) => (typeof key === "number" ? key : String(key))),
  ];
  if (issue.code === "unrecognized_keys") {
    const here = known(path);
    return issue.keys.map((key) => source.problemOfKey([...path, key], unknownKey(key, here)));
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => source.problemOfKey(path, message));
  }
  if (context.ignore?.(issue, path) === true) return [];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const found = valueAt(value, path);
    const branch = issue.errors.find((issues) => !issues.some((at) => rejectsTheWhole(at, found)));
    if (branch) return branch.flatMap((inner) => problemsOf(inner, path, context));
    return [source.problem(path, `${kindsOf(issue.errors)}, ${shown(path, value, source)}`)];
  }
  return [source.problem(path, expectationOf(issue, shownValue(path, value, source)))];
}

/** A branch of a union that is for another kind of value altogether. */
function rejectsTheWhole(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_type") return true;
  return issue.code === "invalid_value" && typeof value === "object" && value !== null;
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
