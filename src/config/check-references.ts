/** Checks what options of tasks refer to. */
import { didYouMean } from "../core/index.ts";
import { type FoundReference, referencesIn } from "../orchestration/index.ts";
import { taskKind } from "../tasks/index.ts";
import type { SourceDocument } from "./document.ts";
import { isOfRun } from "./environment.ts";
import type { Path, Problem } from "./problems.ts";
import { Suggestions } from "./suggestions.ts";
import type { TaskSource, WorkflowSource } from "./task-sources.ts";
import { notUpstream } from "./upstream.ts";

/** Results of every task, whatever its kind. */
const ALWAYS = ["status", "error", "durationMs"];

/** Keys of a task under which its steps stand. */
const STEP_SECTIONS = new Set(["recover", "onFailure", "finally"]);

/** Names that are set in a section at the top, and in that of each account. */
export interface SetNames {
  readonly section: "vars" | "secrets";
  readonly top: ReadonlySet<string>;
  readonly accounts: readonly { readonly id: string; readonly names: ReadonlySet<string> }[];
}

interface ResultUse {
  readonly task: string;
  readonly path: Path;
  /** The task whose result it is. */
  readonly upstream: string;
  readonly name: string;
}

/** References of one workflow that name nothing, or what is not known yet when the task starts. */
export function referenceProblems(
  workflow: WorkflowSource,
  { vars, secrets }: { readonly vars: SetNames; readonly secrets: SetNames },
  source: SourceDocument,
): Problem[] {
  const problems: Problem[] = [];
  const uses: ResultUse[] = [];
  for (const task of workflow.tasks) {
    for (const { path, reference } of referencesOf(task)) {
      if (reference.of === "malformed") {
        // what does not even look like one of ours is told when the environment is put in
        if (!isOfRun(reference.text)) continue;
        problems.push(source.problem(path, `${reference.text}: ${reference.reason}`));
      } else if (reference.of === "vars" || reference.of === "secrets") {
        const flaw = flawOfName(reference.name, reference.of === "vars" ? vars : secrets);
        if (flaw !== undefined) problems.push(source.problem(path, flaw));
      } else if (reference.of === "tasks") {
        uses.push({ task: task.id, path, upstream: reference.task, name: reference.name });
      }
    }
  }
  return [...problems, ...resultProblems(workflow, uses, source)];
}

function resultProblems(
  workflow: WorkflowSource,
  uses: readonly ResultUse[],
  source: SourceDocument,
): Problem[] {
  const tasks = new Map(workflow.tasks.map((task) => [task.id, task]));
  const names = new Suggestions(tasks.keys());
  const dependsOn = new Map(workflow.tasks.map((task) => [task.id, task.dependsOn]));
  const problems = uses.flatMap(({ path, upstream, name }) => {
    const task = tasks.get(upstream);
    const flaw = task
      ? flawOfResult(task, name)
      : `no task "${upstream}" in workflow "${workflow.name}".${names.near(upstream)}`;
    return flaw === undefined ? [] : [source.problem(path, `${shown(upstream, name)}: ${flaw}`)];
  });
  const known = uses.filter(({ upstream }) => tasks.has(upstream));
  // What cleans up after a task, or comes between its attempts, may look at the task itself.
  const early = notUpstream(
    known.filter((use) => use.task !== use.upstream || !isInStep(use, tasks)),
    dependsOn,
  );
  const backwards = backwardsOf(early, dependsOn);
  const tooEarly = early.map((use) => {
    const flaw = backwards.has(use) ? wrongWayRound(use) : notBefore(use);
    return source.problem(use.path, `${shown(use.upstream, use.name)}: ${flaw}`);
  });
  return [...problems, ...tooEarly];
}

/** Uses of results of tasks that come later: to wait for those would close a circle. */
function backwardsOf(
  uses: readonly ResultUse[],
  dependsOn: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<ResultUse> {
  const turned = uses
    .filter(({ task, upstream }) => task !== upstream)
    .map((use) => ({ task: use.upstream, upstream: use.task, use }));
  const unrelated = new Set(notUpstream(turned, dependsOn));
  return new Set(turned.filter((question) => !unrelated.has(question)).map(({ use }) => use));
}

function isInStep({ task, path }: ResultUse, tasks: ReadonlyMap<string, TaskSource>): boolean {
  const own = tasks.get(task)?.path ?? [];
  return STEP_SECTIONS.has(String(path[own.length]));
}

function shown(task: string, name: string): string {
  const plain = /^[\p{L}\p{N}_-]+$/u.test(task);
  return plain ? `\${tasks.${task}.${name}}` : `\${tasks["${task}"].${name}}`;
}

function wrongWayRound({ task, upstream }: ResultUse): string {
  return `"${upstream}" comes after "${task}", which so has nothing of it yet; they depend on each other the wrong way round`;
}

function notBefore({ task, upstream }: ResultUse): string {
  return task === upstream
    ? "a task has no results of its own yet when it starts"
    : `"${upstream}" need not be over when "${task}" starts; add it to dependsOn of "${task}"`;
}

function flawOfResult(task: TaskSource, name: string): string | undefined {
  const { kind } = task.work.find(({ path }) => path === task.path) ?? { kind: "" };
  const results = taskKind(kind)?.results;
  if (!results || ALWAYS.includes(name) || Object.hasOwn(results, name)) return undefined;
  const known = [...Object.keys(results), ...ALWAYS];
  const near = didYouMean(name, known) || ` It has ${known.join(", ")}.`;
  return `a task of kind ${kind} has no result "${name}".${near}`;
}

function flawOfName(name: string, { section, top, accounts }: SetNames): string | undefined {
  if (top.has(name)) return undefined;
  const without = accounts.filter(({ names }) => !names.has(name)).map(({ id }) => `"${id}"`);
  if (accounts.length > 0 && without.length === 0) return undefined;
  const shownAs = `\${${section}.${name}}`;
  if (without.length < accounts.length) {
    return `${shownAs}: not set for ${without.join(", ")}; set it there or in ${section} at the top`;
  }
  const known = new Set([...top, ...accounts.flatMap(({ names }) => [...names])]);
  const noun = section === "vars" ? "variable" : "secret";
  return `${shownAs}: no such ${noun} in ${section}.${didYouMean(name, known)}`;
}

// Every reference in the options of a task and its steps, with its place.
function* referencesOf({ work, alternatives }: TaskSource): Generator<{
  readonly path: Path;
  readonly reference: FoundReference["reference"];
}> {
  for (const sources of [work, alternatives]) {
    for (const from of sources) {
      for (const { path, reference } of referencesIn(from.options)) {
        yield { path: [...from.path, ...path], reference };
      }
    }
  }
}
