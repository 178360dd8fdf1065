/** Workflows of a file as they are written, read as far as they can be: each check takes what it can use. */
import type { Json } from "../core/index.ts";
import { TriggerRule } from "../orchestration/index.ts";
import type { Path } from "./problems.ts";
import { STEP_KEYS, TASK_KEYS } from "./workflow-entry.ts";

/** Plain data of the file; a number may still be one that JSON cannot hold. */
type Entry = Readonly<Record<string, Json>>;

/** Something of a kind, with options: a task, or a step within one. */
export interface WorkSource {
  /** Where it, and so its options, stand. */
  readonly path: Path;
  readonly kind: string;
  readonly options: Entry;
  /** Keys that are not options. */
  readonly commonKeys: ReadonlySet<string>;
}

export interface TaskSource {
  readonly id: string;
  readonly path: Path;
  readonly entry: Entry;
  readonly dependsOn: readonly string[];
  readonly trigger: TriggerRule;
  /** The task itself, if its kind can be read, then its steps. */
  readonly work: readonly WorkSource[];
  /** Options of recovery rules, each with the place where it stands. */
  readonly alternatives: readonly { readonly path: Path; readonly options: Entry }[];
}

export interface WorkflowSource {
  readonly name: string;
  readonly path: Path;
  readonly tasks: readonly TaskSource[];
}

/** What can be read of `workflows`. */
export function workflowSources(workflows: unknown): WorkflowSource[] {
  return Object.entries(mapOf(workflows)).map(([name, workflow]) => {
    const path = ["workflows", name];
    const above = [...path, "tasks"];
    const tasks = Object.entries(mapOf(mapOf(workflow)["tasks"]));
    return {
      name,
      path,
      tasks: tasks.map(([id, task]) => taskSource(id, mapOf(task), [...above, id])),
    };
  });
}

/** Texts of a value that is a text or a list of them, with the keys that lead to each. */
export function textsOf(value: unknown): { readonly text: string; readonly below: Path }[] {
  if (value === undefined) return [];
  if (typeof value === "string") return [{ text: value, below: [] }];
  return listOf(value).flatMap((text, i) =>
    typeof text === "string" ? [{ text, below: [i] }] : [],
  );
}

function taskSource(id: string, entry: Entry, path: Path): TaskSource {
  // most tasks have none of what is optional, and there may be very many tasks
  const rules = entry["recover"] === undefined ? NONE : listOf(entry["recover"]).map(mapOf);
  const { dependsOn } = entry;
  return {
    id,
    path,
    entry,
    dependsOn:
      typeof dependsOn === "string"
        ? [dependsOn]
        : listOf(dependsOn).filter((one) => typeof one === "string"),
    trigger: triggerOf(entry["trigger"]),
    work: workOfTask(entry, rules, path),
    alternatives: rules === NONE ? NONE : alternativesOf(rules, path),
  };
}

function alternativesOf(rules: readonly Entry[], path: Path): TaskSource["alternatives"] {
  return rules.flatMap((rule, i) =>
    listOf(rule["options"]).map((options, j) => ({
      path: [...path, "recover", i, "options", j],
      options: mapOf(options),
    })),
  );
}

function workOfTask(entry: Entry, rules: readonly Entry[], path: Path): WorkSource[] {
  const work = workOf(entry, path, TASK_KEYS);
  if (rules === NONE && !("onFailure" in entry) && !("finally" in entry)) return work;
  for (const [i, rule] of rules.entries()) {
    work.push(
      ...stepsOf(rule["steps"], [...path, "recover", i, "steps"]),
      ...commandOf(rule, [...path, "recover", i]),
    );
  }
  for (const key of ["onFailure", "finally"]) {
    work.push(...stepsOf(entry[key], [...path, key]));
  }
  return work;
}

function triggerOf(trigger: unknown): TriggerRule {
  const byDefault = "all_success";
  return trigger === undefined ? byDefault : (TriggerRule.safeParse(trigger).data ?? byDefault);
}

function stepsOf(steps: unknown, path: Path): WorkSource[] {
  return listOf(steps).flatMap((step, i) => workOf(mapOf(step), [...path, i], STEP_KEYS));
}

function workOf(entry: Entry, path: Path, commonKeys: ReadonlySet<string>): WorkSource[] {
  const kind = entry["kind"];
  if (typeof kind !== "string") return [];
  return [{ path, kind, options: without(entry, commonKeys), commonKeys }];
}

/** The short form of a step: its `command` stands in the rule itself. */
function commandOf(rule: Entry, path: Path): WorkSource[] {
  const command = rule["command"];
  if (rule["do"] !== "restart" || command === undefined) return [];
  return [{ path, kind: "command", options: { command }, commonKeys: new Set() }];
}

/** An entry without the keys that are not options. */
export function without<T>(
  entry: Readonly<Record<string, T>>,
  keys: ReadonlySet<string>,
): Readonly<Record<string, T>> {
  const others: Record<string, T> = {};
  for (const [key, value] of Object.entries(entry)) {
    if (keys.has(key)) continue;
    // as an assignment this one would do something else
    if (key === "__proto__") Object.defineProperty(others, key, { value, enumerable: true });
    else others[key] = value;
  }
  return others;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NONE;
}

const NONE: readonly never[] = [];

function mapOf(value: unknown): Entry {
  return isMap(value) ? value : {};
}

function isMap(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
