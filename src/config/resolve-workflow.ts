/** From a workflow as it is written to its definition: defaults, lists, milliseconds. */
import { durationMs, ErrorClass } from "../core/index.ts";
import {
  DEFAULT_RETRY,
  type RecoveryRule,
  type RetryPolicy,
  type StepDefinition,
  type TaskDefinition,
  TaskOptions,
  type WorkflowDefinition,
} from "../orchestration/index.ts";
import { msOrNull } from "./duration-entry.ts";
import { isJsonMap } from "./plain-json.ts";
import { byClassOf, type PolicyEntry, type RetryEntry } from "./retry-entry.ts";
import { without } from "./task-sources.ts";
import {
  type RecoveryEntry,
  STEP_KEYS,
  type StepEntry,
  TASK_KEYS,
  type TaskEntry,
  type WorkflowEntry,
} from "./workflow-entry.ts";

/** A policy of which only some fields, or none, are given: the others are those for network errors. */
const BASE: RetryPolicy = DEFAULT_RETRY.byClass.NetworkError ?? DEFAULT_RETRY.default;

/** The workflow of a file without `workflows`: the tables of the account are prepared. */
export const PREPARE_WORKFLOW: WorkflowDefinition = {
  name: "prepare",
  maxParallel: null,
  deadlineMs: null,
  onCriticalFailure: "cancel",
  tasks: [
    {
      id: "prepare",
      kind: "prepare",
      options: {},
      dependsOn: [],
      trigger: "all_success",
      critical: false,
      retry: { default: DEFAULT_RETRY.default, byClass: DEFAULT_RETRY.byClass },
      at: null,
      windowMs: null,
      timeoutMs: null,
      totalTimeoutMs: null,
      queueTimeoutMs: null,
      graceMs: 10_000,
      limits: [],
      recover: [],
      onFailure: [],
      finally: [],
      uncertain: "ask",
    },
  ],
};

/** The definition of a checked workflow. */
export function resolveWorkflow(name: string, entry: WorkflowEntry): WorkflowDefinition {
  return {
    name,
    maxParallel: entry.maxParallel ?? null,
    deadlineMs: msOrNull(entry.deadline),
    onCriticalFailure: entry.onCriticalFailure,
    tasks: Object.entries(entry.tasks).map(([id, task]) => resolveTask(id, task)),
  };
}

function resolveTask(id: string, entry: TaskEntry): TaskDefinition {
  return {
    id,
    kind: entry.kind,
    options: optionsOf(entry, TASK_KEYS),
    dependsOn: listed(entry.dependsOn),
    trigger: entry.trigger,
    critical: entry.critical,
    retry: resolveRetry(entry.retry),
    at: entry.at ?? null,
    windowMs: msOrNull(entry.window),
    timeoutMs: msOrNull(entry.timeout),
    totalTimeoutMs: msOrNull(entry.totalTimeout),
    queueTimeoutMs: msOrNull(entry.queueTimeout),
    graceMs: durationMs(entry.grace),
    limits: listed(entry.limits),
    recover: entry.recover.map(resolveRule),
    onFailure: entry.onFailure.map(resolveStep),
    finally: entry.finally.map(resolveStep),
    uncertain: entry.uncertain,
  };
}

function resolveRetry(entry: RetryEntry | undefined): TaskDefinition["retry"] {
  if (entry === undefined) {
    return { default: DEFAULT_RETRY.default, byClass: { ...DEFAULT_RETRY.byClass } };
  }
  const classes = byClassOf(entry);
  if (!classes) return { default: resolvePolicy(entry), byClass: {} };
  const { default: others, ...named } = classes;
  const byClass: TaskDefinition["retry"]["byClass"] = {};
  for (const name of ErrorClass.options) {
    const policy = named[name];
    if (policy !== undefined) byClass[name] = resolvePolicy(policy);
  }
  return others === undefined
    ? { default: DEFAULT_RETRY.default, byClass: { ...DEFAULT_RETRY.byClass, ...byClass } }
    : { default: resolvePolicy(others), byClass };
}

function resolvePolicy(entry: PolicyEntry): RetryPolicy {
  if (typeof entry === "number") return { ...BASE, attempts: entry };
  const { initial, max, maxElapsed } = entry;
  return {
    attempts: entry.attempts ?? BASE.attempts,
    backoff: entry.backoff ?? BASE.backoff,
    factor: entry.factor ?? BASE.factor,
    jitter: entry.jitter ?? BASE.jitter,
    initialMs: msOrNull(initial) ?? BASE.initialMs,
    maxMs: msOrNull(max) ?? BASE.maxMs,
    maxElapsedMs: msOrNull(maxElapsed) ?? BASE.maxElapsedMs,
  };
}

function resolveRule(entry: RecoveryEntry): RecoveryRule {
  const on = listed(entry.on);
  if (entry.do === "retry") return { do: entry.do, on, retry: resolvePolicy(entry.retry) };
  if (entry.do === "restart") {
    return { do: entry.do, on, steps: stepsOf(entry), times: entry.times };
  }
  if (entry.do === "alternative") {
    const options = entry.options.map((one) => TaskOptions.parse(one));
    return { do: entry.do, on, options };
  }
  return { do: entry.do, on };
}

function stepsOf({
  command,
  steps = [],
}: Extract<RecoveryEntry, { do: "restart" }>): StepDefinition[] {
  if (command === undefined) return steps.map(resolveStep);
  return [{ kind: "command", options: { command }, timeoutMs: null }];
}

function resolveStep(entry: StepEntry): StepDefinition {
  return {
    kind: entry.kind,
    options: optionsOf(entry, STEP_KEYS),
    timeoutMs: msOrNull(entry.timeout),
  };
}

function optionsOf(entry: TaskEntry | StepEntry, keys: ReadonlySet<string>): TaskOptions {
  const options = without<unknown>(entry, keys);
  // what is not JSON was told before; the schema would copy all of it
  return isJsonMap(options) ? options : TaskOptions.parse(options);
}

function listed<T extends string>(entry: T | readonly T[] | undefined): T[] {
  if (entry === undefined) return [];
  return typeof entry === "string" ? [entry] : [...entry];
}
