/** Checks of workflows that no shape can say. */
import { didYouMean } from "../core/index.ts";
import { isStep } from "../orchestration/index.ts";
import { taskKind, taskKinds } from "../tasks/index.ts";
import { kindProblems, numberProblems } from "./check-kinds.ts";
import { nestingProblems } from "./check-nesting.ts";
import { referenceProblems, type SetNames } from "./check-references.ts";
import { structureProblems } from "./check-structure.ts";
import type { SourceDocument } from "./document.ts";
import { flawOfName } from "./names.ts";
import type { Problem } from "./problems.ts";
import { Suggestions } from "./suggestions.ts";
import { type TaskSource, textsOf, type WorkflowSource } from "./task-sources.ts";
import { valueAt } from "./value-at.ts";

/**
 * Names, structure, kinds with their options, limits, nesting, references, and inputs that tasks read.
 *
 * @param complete - Whether every module that may define a kind of task is loaded.
 */
export function checkWorkflows(
  value: unknown,
  workflows: readonly WorkflowSource[],
  source: SourceDocument,
  complete: boolean,
): Problem[] {
  const names = { vars: setNames(value, "vars"), secrets: setNames(value, "secrets") };
  const limits = new Suggestions(keysOf(value, "limits"));
  return [
    ...nameProblems(workflows, "a workflow's name", source),
    ...(complete ? kindLimitProblems(value, source) : []),
    ...nestingProblems(workflows, source),
    ...workflows.flatMap((workflow) => [
      ...nameProblems(workflow.tasks, "a task's name", source),
      ...stepNameProblems(workflow.tasks, source),
      ...structureProblems(workflow, source),
      ...workflow.tasks.flatMap((task) => kindProblems(task, { value, source, complete })),
      ...workflow.tasks.flatMap((task) => limitProblems(task, limits, source)),
      ...[...everyOptions(workflow)].flatMap(({ options, path }) =>
        numberProblems(options, path, source),
      ),
      ...referenceProblems(workflow, names, source),
    ]),
    ...inputProblems(value, workflows, source),
    ...numberProblems(valueAt(value, ["vars"]), ["vars"], source),
    ...accountsOf(value).flatMap((account, i) =>
      numberProblems(valueAt(account, ["vars"]), ["accounts", i, "vars"], source),
    ),
  ];
}

// All options of a workflow's tasks and their steps that are written somewhere.
function* everyOptions({ tasks }: WorkflowSource): Generator<TaskSource["alternatives"][number]> {
  for (const { work, alternatives } of tasks) {
    yield* work;
    yield* alternatives;
  }
}

interface Named {
  readonly path: WorkflowSource["path"];
}

/** Names that are no safe folder names, and those that differ only in letter case. */
function nameProblems(entries: readonly Named[], noun: string, source: SourceDocument): Problem[] {
  const taken = new Map<string, string>();
  return entries.flatMap(({ path }) => {
    const name = String(path.at(-1));
    if (/^\d+$/.test(name)) {
      const text = `${noun} needs a letter: of names that are numbers the order of the file is lost, got "${name}"`;
      return [source.problemOfKey(path, text)];
    }
    const flaw = flawOfName(name);
    if (flaw !== undefined) {
      const text = `${noun} is a folder's name: ${flaw}, got ${JSON.stringify(name)}`;
      return [source.problemOfKey(path, text)];
    }
    const other = taken.get(name.toLowerCase());
    taken.set(name.toLowerCase(), name);
    if (other === undefined) return [];
    const text = `${noun} is a folder's name: expected one that differs from "${other}" in more than letter case`;
    return [source.problemOfKey(path, text)];
  });
}

/** Within a nested workflow such a task would be taken for a step of the task around it. */
function stepNameProblems(tasks: readonly TaskSource[], source: SourceDocument): Problem[] {
  return tasks.flatMap(({ id, path }) => {
    if (!isStep(`outer/${id}`)) return [];
    return [source.problemOfKey(path, `expected another name: "${id}" is that of a step`)];
  });
}

function limitProblems(
  { entry, path }: TaskSource,
  limits: Suggestions,
  source: SourceDocument,
): Problem[] {
  return textsOf(entry["limits"]).flatMap(({ text, below }) => {
    if (limits.has(text)) return [];
    const hint = limits.near(text) || " Define it in limits at the top.";
    return [
      source.problem(
        [...path, "limits", ...below],
        `expected a known limit, got "${text}".${hint}`,
      ),
    ];
  });
}

function kindLimitProblems(value: unknown, source: SourceDocument): Problem[] {
  const known = taskKinds().map(({ name }) => name);
  return keysOf(value, "kindLimits").flatMap((name) => {
    if (known.includes(name)) return [];
    const hint = didYouMean(name, known) || ` Known kinds: ${known.join(", ")}.`;
    const text = `expected a known kind of task, got "${name}".${hint}`;
    return [source.problemOfKey(["kindLimits", name], text)];
  });
}

/** Accounts without inputs, when a task reads them. */
function inputProblems(
  value: unknown,
  workflows: readonly WorkflowSource[],
  source: SourceDocument,
): Problem[] {
  const reader = readerOf(value, workflows);
  if (reader === undefined) return [];
  return accountsOf(value).flatMap((account, i) => {
    const isMap = typeof account === "object" && account !== null && !Array.isArray(account);
    if (!isMap || Object.hasOwn(account, "inputs")) return [];
    const text = `expected text, a list or a map, but it is missing; ${reader} reads it`;
    return [source.problem(["accounts", i, "inputs"], text)];
  });
}

/** The first task that reads the inputs of its account, in words. */
function readerOf(value: unknown, workflows: readonly WorkflowSource[]): string | undefined {
  if (valueAt(value, ["workflows"]) === undefined) return `task "prepare"`;
  for (const { name, tasks } of workflows) {
    for (const { id, work } of tasks) {
      const reads = work.some(
        ({ kind, options }) => taskKind(kind)?.usesInputs?.(options) === true,
      );
      if (reads) return `task "${id}" of workflow "${name}"`;
    }
  }
  return undefined;
}

function setNames(value: unknown, section: SetNames["section"]): SetNames {
  return {
    section,
    top: new Set(keysOf(value, section)),
    accounts: accountsOf(value).map((account) => ({
      id: String(valueAt(account, ["id"])),
      names: new Set(keysOf(account, section)),
    })),
  };
}

function accountsOf(value: unknown): readonly unknown[] {
  const accounts = valueAt(value, ["accounts"]);
  return Array.isArray(accounts) ? accounts : [];
}

function keysOf(value: unknown, section: string): string[] {
  const map = valueAt(value, [section]);
  return typeof map === "object" && map !== null && !Array.isArray(map) ? Object.keys(map) : [];
}
