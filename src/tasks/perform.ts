import { mkdirSync } from "node:fs";
import { type Json, type Log, secretValue, WranglerError } from "../core/index.ts";
import {
  type AttemptOrder,
  type Journal,
  type Perform,
  type Reference,
  resolveReferences,
  scopeOf,
  type TaskResults,
} from "../orchestration/index.ts";
import { ledger } from "./effects.ts";
import { taskKind, type TaskPorts } from "./kind.ts";
import { checkedResults } from "./results.ts";

/** What an account's tasks in a run have in common. */
export interface Surroundings {
  readonly runId: string;
  readonly workflow: string;
  /** ISO 8601, UTC. */
  readonly scheduledAt: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly configFolder: string;
  readonly vars: Readonly<Record<string, Json>>;
  /** The secrets of the account: where the value of each is found, by the name it is referred to by. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly journal: Journal;
  readonly now: () => number;
  /** Absolute folder of a task's own files. */
  readonly folderOf: (path: string) => string;
  readonly logOf: (path: string) => Log;
  readonly portsOf: (order: AttemptOrder) => TaskPorts;
}

/** Performs attempts: resolves the options, has the kind do its work, checks what it gives back. */
export function performer(around: Surroundings): Perform {
  return async (order) => {
    const { path, attempt, round, signal, task } = order;
    const { journal } = around;
    const kind = taskKind(task.kind);
    if (!kind) throw new WranglerError("CONFIG_INVALID", `${path}: unknown kind "${task.kind}".`);
    const resolved = resolveReferences(order.options, (reference) =>
      lookUp(around, path, reference),
    );
    const checked = kind.options.safeParse(resolved);
    if (!checked.success) {
      const [issue] = checked.error.issues;
      const place = [path, ...(issue?.path ?? [])].map(String).join(".");
      throw new WranglerError("CONFIG_INVALID", `${place}: ${issue?.message ?? "unknown flaw"}`);
    }
    const log = around.logOf(path);
    const { effect } = ledger({
      journal,
      task: path,
      round,
      policy: task.uncertain,
      signal,
      log,
      now: () => new Date(around.now()),
    });
    const { runId, workflow, scheduledAt, timeZone, configFolder } = around;
    const results = await kind.run({
      options: checked.data,
      runId,
      workflow,
      account: journal.account,
      task: path,
      attempt,
      scheduledAt,
      timeZone,
      configFolder,
      // Most tasks need none, and to make one waits for the disk.
      get folder() {
        const folder = around.folderOf(path);
        mkdirSync(folder, { recursive: true });
        return folder;
      },
      signal,
      log,
      ports: around.portsOf(order),
      effect,
    });
    return checkedResults(results, `${journal.account}/${path}`);
  };
}

/** What a reference in a task's options stands for; undefined when there is nothing. */
function lookUp(around: Surroundings, path: string, reference: Reference): Json | undefined {
  switch (reference.of) {
    case "run":
      return reference.name === "id" ? around.runId : around.scheduledAt;
    case "account":
      return around.journal.account;
    case "vars":
      return own(around.vars, reference.name);
    case "secrets":
      return secretOf(around.secrets, reference.name);
    case "tasks":
      return resultOf(around.journal, scopeOf(path) + reference.task, reference.name);
    default:
      return reference satisfies never;
  }
}

/** A task's result, or what is known of any task: its status, error and duration. */
function resultOf(journal: Journal, path: string, name: string): Json | undefined {
  const result = own(resultsOf(journal, path), name);
  if (result !== undefined) return result;
  const record = journal.task(path);
  if (name === "status") return record?.status ?? "NOT_STARTED";
  if (name === "durationMs") return record?.durationMs ?? null;
  return name === "error" ? errorOf(journal, path) : undefined;
}

/** A task that is cleaning up after itself has what its last attempt gave. */
function resultsOf(journal: Journal, path: string): TaskResults {
  const record = journal.task(path);
  const last = record?.endedAt === null ? journal.attempts(path).at(-1) : undefined;
  return last?.results ?? record?.results ?? {};
}

/** While a task cleans up after itself, its failure is that of its last attempt. */
function errorOf(journal: Journal, path: string): string | null {
  const failure = journal.task(path)?.failure ?? journal.attempts(path).at(-1)?.failure;
  return failure?.message ?? null;
}

function secretOf(secrets: Surroundings["secrets"], name: string): string | undefined {
  const source = own(secrets, name);
  return source === undefined ? undefined : secretValue(source);
}

function own<Value extends Json>(
  map: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
