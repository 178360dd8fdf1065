/** Checks of schedules that no shape can say. */
import { Duration, durationMs } from "../core/index.ts";
import { taskTimeProblems } from "./check-times.ts";
import { type TimetableContext, timetableProblems, topZoneProblems } from "./check-timetables.ts";
import type { SourceDocument } from "./document.ts";
import { flawOfName } from "./names.ts";
import type { Path, Problem } from "./problems.ts";
import { type ScheduleSource, scheduleSources } from "./schedule-sources.ts";
import { workflowByDefault } from "./select.ts";
import { Suggestions } from "./suggestions.ts";
import { textsOf, type WorkflowSource } from "./task-sources.ts";
import { valueAt } from "./value-at.ts";

/** The only task of a file without workflows, and its workflow. */
const PREPARE = "prepare";

/** Names, when schedules are due, what they run, and policies that contradict each other. */
export function checkSchedules(
  value: unknown,
  workflows: readonly WorkflowSource[],
  context: TimetableContext,
): Problem[] {
  const { source } = context;
  const schedules = scheduleSources(value);
  const tasks = tasksOf(value, workflows);
  const accounts = new Suggestions(accountsOf(value));
  const topZone = valueAt(value, ["timeZone"]);
  return [
    ...topZoneProblems(value, source),
    ...schedules.flatMap((schedule) => [
      ...nameProblems(schedule, source),
      ...timetableProblems(schedule, topZone, context),
      ...workProblems(schedule, tasks, source),
      ...accountProblems(schedule, accounts, source),
      ...policyProblems(schedule, source),
    ]),
    ...taskTimeProblems(value, workflows, schedules, source),
  ];
}

/** Ids of tasks by the name of their workflow. */
function tasksOf(
  value: unknown,
  workflows: readonly WorkflowSource[],
): ReadonlyMap<string, readonly string[]> {
  if (valueAt(value, ["workflows"]) === undefined) return new Map([[PREPARE, [PREPARE]]]);
  return new Map(workflows.map(({ name, tasks }) => [name, tasks.map(({ id }) => id)]));
}

function accountsOf(value: unknown): string[] {
  const accounts = valueAt(value, ["accounts"]);
  if (!Array.isArray(accounts)) return [];
  return accounts.map((account: unknown) => String(valueAt(account, ["id"])));
}

function nameProblems({ name, path }: ScheduleSource, source: SourceDocument): Problem[] {
  const flaw = flawOfName(name);
  if (flaw === undefined) return [];
  return [source.problemOfKey(path, `a schedule's name: ${flaw}, got ${JSON.stringify(name)}`)];
}

/** A workflow that is not there, or is not clear, or has no such task. */
function workProblems(
  { entry, path }: ScheduleSource,
  tasks: ReadonlyMap<string, readonly string[]>,
  source: SourceDocument,
): Problem[] {
  const names = [...tasks.keys()];
  const known = `Known: ${names.join(", ")}.`;
  const { workflow = workflowByDefault(names) } = entry;
  if (workflow === undefined && names.length > 0) {
    const text = `expected a workflow to be named: there are several, and none is called "default". ${known}`;
    return [source.problem(path, text)];
  }
  // of what is no name its shape is told
  if (typeof workflow !== "string" || workflow === "") return [];
  const ids = tasks.get(workflow);
  if (ids) return taskProblems({ workflow, ids }, entry["task"], [...path, "task"], source);
  const near = new Suggestions(names).near(workflow) || ` ${known}`;
  const text = `expected a workflow of this file, got "${workflow}".${near}`;
  return [source.problem([...path, "workflow"], text)];
}

function taskProblems(
  { workflow, ids }: { readonly workflow: string; readonly ids: readonly string[] },
  task: unknown,
  path: Path,
  source: SourceDocument,
): Problem[] {
  if (typeof task !== "string" || task === "" || ids.includes(task)) return [];
  const near = new Suggestions(ids).near(task) || ` It has ${ids.join(", ")}.`;
  return [source.problem(path, `expected a task of workflow "${workflow}", got "${task}".${near}`)];
}

function accountProblems(
  { entry, path }: ScheduleSource,
  known: Suggestions,
  source: SourceDocument,
): Problem[] {
  const seen = new Set<string>();
  return textsOf(entry["accounts"]).flatMap(({ text, below }) => {
    const at = [...path, "accounts", ...below];
    if (seen.has(text))
      return [source.problem(at, `expected each account once, got "${text}" again`)];
    seen.add(text);
    if (known.has(text)) return [];
    return [
      source.problem(at, `expected an account of this file, got "${text}".${known.near(text)}`),
    ];
  });
}

/** Settings that take each other's sense away. */
function policyProblems(
  { entry, path, checked }: ScheduleSource,
  source: SourceDocument,
): Problem[] {
  const problems: Problem[] = [];
  if (entry["catchUp"] === "all" && entry["overlap"] === "cancel_previous") {
    const text =
      "expected last or none beside overlap: cancel_previous, which would cancel each run that is caught up but the last, got all";
    problems.push(source.problem([...path, "catchUp"], text));
  }
  const window = checked?.window ?? entry["window"];
  const { jitter } = entry;
  if (isDuration(window) && isDuration(jitter) && durationMs(window) < durationMs(jitter)) {
    const text = `expected at most the window of ${window}, which slots are started within, got "${jitter}"`;
    problems.push(source.problem([...path, "jitter"], text));
  }
  return problems;
}

function isDuration(value: unknown): value is string {
  return Duration.safeParse(value).success;
}
