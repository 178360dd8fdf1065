import { silentLog } from "../../src/core/index.ts";
import type { UncertainPolicy } from "../../src/orchestration/index.ts";
import { ledger, type TaskContext } from "../../src/tasks/index.ts";
import { memoryJournal } from "./memory-journal.ts";

export interface TaskContextParts<Options> {
  readonly options: Options;
  /** Both the configuration's folder and the task's own. */
  readonly folder: string;
  readonly attempt?: number;
  readonly signal?: AbortSignal;
  readonly journal?: ReturnType<typeof memoryJournal>;
  readonly policy?: UncertainPolicy;
}

const now = () => new Date();
const refused = () => Promise.reject(new Error("This task asks for nothing."));

/** A context whose effects go through a real ledger. It has no other parts of the tool to ask. */
export function taskContext<Options>(parts: TaskContextParts<Options>): TaskContext<Options> {
  const { options, folder, attempt = 1, journal = memoryJournal(), policy = "ask" } = parts;
  const signal = parts.signal ?? new AbortController().signal;
  const task = "own";
  return {
    options,
    runId: journal.runId,
    workflow: "daily",
    account: journal.account,
    task,
    attempt,
    scheduledAt: "2026-03-01T10:00:00.000Z",
    timeZone: "Europe/Berlin",
    configFolder: folder,
    folder,
    signal,
    log: silentLog,
    ports: { prepare: refused, workflow: refused, handOver: refused },
    effect: ledger({ journal, task, round: 1, policy, signal, log: silentLog, now }).effect,
  };
}
