/** Workflows of real commands and functions, run by the whole app in this process. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import {
  type App,
  createApp,
  type ProgressEvent,
  type RunHistory,
  type TaskRecord,
} from "../../../src/index.ts";
import { withFolder } from "../../helpers/engine.ts";

/**
 * What tasks of kind `module` run. Options: `ms` to wait, `out` to give back, `fail` attempts to fail
 * with `code` and `errorClass`, `gate` a file whose appearance is awaited, `mark` a file to which each
 * start and end is written as one line.
 */
const WORK = `import { existsSync, appendFileSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

async function opened(gate, signal) {
  signal.throwIfAborted();
  const watcher = watch(dirname(gate));
  try {
    await new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      watcher.on("change", (_, name) => name === basename(gate) && resolve());
      if (existsSync(gate)) resolve();
    });
  } finally {
    watcher.close();
  }
}

export default async function work({ options, signal, attempt, account, task }) {
  const { ms = 0, out = {}, fail = 0, gate, mark, ...error } = options;
  const tell = (what) => mark && appendFileSync(mark, [what, account, task, attempt].join(" ") + "\\n");
  tell("start");
  if (gate) await opened(gate, signal);
  if (ms) await sleep(ms, undefined, { signal });
  if (attempt <= fail) {
    tell("fail");
    throw Object.assign(new Error("told to fail"), error);
  }
  tell("end");
  return { attempt, ...out };
}

/** Does nothing but wait until it is told to end. */
export async function hang({ signal }) {
  signal.throwIfAborted();
  await new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Pays no heed to its signal. */
export async function deaf({ options }) {
  await sleep(options.ms);
  return {};
}
`;

export interface WorkflowApp {
  readonly folder: string;
  readonly app: App;
  /** Absolute path in the folder. */
  readonly path: (...names: string[]) => string;
  readonly write: (name: string, text: string) => Promise<void>;
  /** Write `pipeline.yaml`, and give back what to run. */
  readonly config: (yaml: string) => Promise<{ readonly configPath: string }>;
}

/** A folder with `work.mjs`, and an app whose checkpoints are in it. */
export async function workflowApp(): Promise<WorkflowApp> {
  const folder = await withFolder();
  await writeFile(join(folder, "work.mjs"), WORK);
  return { app: appOf(folder), ...inFolder(folder) };
}

/** An app of a folder, closed when the test ends. */
export function appOf(folder: string): App {
  const app = createApp({ checkpointsFolder: join(folder, "checkpoints"), cwd: folder });
  onTestFinished(() => app.close());
  return app;
}

function inFolder(folder: string): Omit<WorkflowApp, "app"> {
  const path = (...names: string[]) => join(folder, ...names);
  return {
    folder,
    path,
    write: async (name, text) => {
      await mkdir(path(name, ".."), { recursive: true });
      await writeFile(path(name), text);
    },
    config: async (yaml) => {
      await writeFile(path("pipeline.yaml"), yaml);
      return { configPath: path("pipeline.yaml") };
    },
  };
}

/** Run one workflow of one account, and give back all that is kept of it. */
export async function historyOf(
  { app, config }: WorkflowApp,
  tasks: string,
  options = "",
): Promise<RunHistory> {
  const { run } = await app.run(
    await config(`
workflows:
  daily:
    ${options || "maxParallel: 100"}
    tasks:
${tasks.replaceAll(/^/gm, "      ")}
accounts: [{ id: one }]
`),
  );
  return app.history(run.runId);
}

/** Status by task, of one account or the only one. */
export function statuses(
  { tasks }: { readonly tasks: readonly TaskRecord[] },
  account?: string,
): Record<string, string> {
  const own = tasks.filter((task) => account === undefined || task.account === account);
  return Object.fromEntries(own.map(({ task, status }) => [task, status]));
}

/** The record of one task. */
export function taskOf(
  { tasks }: { readonly tasks: readonly TaskRecord[] },
  task: string,
  account?: string,
): TaskRecord {
  const found = tasks.find(
    (one) => one.task === task && (account === undefined || one.account === account),
  );
  if (!found) throw new Error(`No task ${task} among ${tasks.map((one) => one.task).join(", ")}.`);
  return found;
}

/** Attempts of a task, as `status: what was decided`. */
export function attemptsOf(history: RunHistory, task: string, round = 1): string[] {
  return history.attempts
    .filter((one) => one.task === task && one.round === round)
    .map(({ status, next }) => (next === null ? status : `${status}: ${next}`));
}

/** Events of one type. */
export function eventsOf<Type extends ProgressEvent["type"]>(
  events: readonly ProgressEvent[],
  type: Type,
): Extract<ProgressEvent, { type: Type }>[] {
  return events.filter(
    (event): event is Extract<ProgressEvent, { type: Type }> => event.type === type,
  );
}

/** Checkpoints in one of the store's files, as they are kept: not those of an encrypted store. */
export function keptCheckpoints(file: string): {
  readonly thread: string;
  readonly namespace: string;
  readonly text: string;
  readonly values: Record<string, unknown>;
}[] {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    return database
      .prepare<[], { thread_id: string; checkpoint_ns: string; checkpoint: Buffer }>(
        "SELECT thread_id, checkpoint_ns, checkpoint FROM checkpoints ORDER BY seq",
      )
      .all()
      .map(({ thread_id: thread, checkpoint_ns: namespace, checkpoint }) => {
        const text = checkpoint.toString("utf8");
        return { thread, namespace, text, values: JSON.parse(text).channel_values };
      });
  } finally {
    database.close();
  }
}
