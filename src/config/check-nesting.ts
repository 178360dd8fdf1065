/** Checks workflows that run other workflows. */
import type { SourceDocument } from "./document.ts";
import type { Path, Problem } from "./problems.ts";
import { Suggestions } from "./suggestions.ts";
import type { WorkflowSource } from "./task-sources.ts";

/** Kind of a task that runs another workflow, and its option that names it. */
const NESTING = "workflow";

interface Nested {
  /** The workflow that is run. */
  readonly name: string;
  /** Where it is named. */
  readonly path: Path;
}

/** Nested workflows that are not there, and those that come back to themselves. */
export function nestingProblems(
  workflows: readonly WorkflowSource[],
  source: SourceDocument,
): Problem[] {
  const nested = new Map(workflows.map((workflow) => [workflow.name, nestedIn(workflow)]));
  const names = new Suggestions(nested.keys());
  const unknown = [...nested.values()].flat().flatMap(({ name, path }) => {
    if (names.has(name)) return [];
    const text = name.includes("${")
      ? "expected a workflow's name; it must be known before a run, so no reference can stand here"
      : `expected a workflow of this file, got "${name}".${names.near(name) || ` Known: ${[...nested.keys()].join(", ")}.`}`;
    return [source.problem(path, text)];
  });
  return [...unknown, ...circles(nested, source)];
}

function nestedIn({ tasks }: WorkflowSource): Nested[] {
  return tasks.flatMap(({ work }) =>
    work.flatMap(({ kind, options, path }) => {
      const name = options[NESTING];
      if (kind !== NESTING || typeof name !== "string") return [];
      return [{ name, path: [...path, NESTING] }];
    }),
  );
}

/** Each nesting that closes a circle, with the circle. */
function circles(
  nested: ReadonlyMap<string, readonly Nested[]>,
  source: SourceDocument,
): Problem[] {
  const problems: Problem[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (workflow: string): void => {
    trail.push(workflow);
    for (const { name, path } of nested.get(workflow) ?? []) {
      const start = trail.indexOf(name);
      if (start !== -1) {
        const circle = [...trail.slice(start), name].join(" → ");
        problems.push(source.problem(path, `a workflow cannot run within itself: ${circle}`));
      } else if (!done.has(name)) {
        visit(name);
      }
    }
    trail.pop();
    done.add(workflow);
  };
  for (const workflow of nested.keys()) if (!done.has(workflow)) visit(workflow);
  return problems;
}
