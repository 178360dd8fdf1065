import { readdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import type {
  AttemptRecord,
  EffectRecord,
  ProgressEvent,
  RunRecord,
  TaskRecord,
} from "../../src/orchestration/index.ts";
import { openStore } from "../../src/stores/index.ts";

/** All that is durable of a run at one moment. */
export interface Snapshot {
  readonly run: RunRecord;
  readonly tasks: readonly TaskRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly effects: readonly EffectRecord[];
  readonly events: readonly ProgressEvent[];
}

/** What a folder of checkpoints holds of its latest run; undefined before there is one. */
export function snapshotOf(checkpoints: string): Snapshot | undefined {
  const store = openStore(checkpoints);
  try {
    const [run] = store.runs.list();
    if (!run) return undefined;
    const views = run.accounts.map((account) => store.readAccount(run.runId, account));
    return {
      run,
      tasks: views.flatMap((view) => view.tasks()),
      attempts: views.flatMap((view) => view.attempts()),
      effects: views.flatMap((view) => view.effects()),
      events: store.runEvents(run.runId),
    };
  } finally {
    store.close();
  }
}

/** Name of a task, attempt or effect over all accounts. */
export function pathOf({ account, task }: { account: string; task: string }): string {
  return `${account}/${task}`;
}

/** What SQLite finds wrong with the files of a folder of checkpoints, by file. */
export function damagesOf(checkpoints: string): Record<string, unknown> {
  const names = readdirSync(checkpoints, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.endsWith(".sqlite"));
  const found = files.map((name): [string, unknown] => {
    const database = new Database(join(checkpoints, name), { readonly: true });
    try {
      return [name, database.pragma("integrity_check", { simple: true })];
    } finally {
      database.close();
    }
  });
  return Object.fromEntries(found.filter(([, verdict]) => verdict !== "ok"));
}
