import type { Failure, Log } from "../core/index.ts";
import type {
  AccountSummary,
  Counts,
  ProgressEvent,
  Stage,
  StageRecord,
} from "../orchestration/index.ts";
import type { RunStore } from "../stores/index.ts";

/** Where the stages of a run stand: in the store for `status`, in the log, and told to the listener. */
export interface RunRecorder {
  accountStarted(account: string): void;
  accountFinished(summary: AccountSummary): void;
  begin(account: string, dataset: string, stage: Stage): void;
  finish(account: string, dataset: string, stage: Stage, counts: Counts): void;
  reuse(account: string, dataset: string, stage: Stage): void;
  fail(account: string, dataset: string, failure: Failure): void;
  engineReplaced(account: string, reason: string): void;
  log(account: string, dataset?: string): Log;
  /** Stages of one dataset in the order they began. */
  stages(account: string, dataset: string): StageRecord[];
}

interface RecorderParts {
  readonly runId: string;
  readonly store: Pick<RunStore, "stages" | "putStage" | "putSummary">;
  readonly log: Log;
  readonly tell: (event: ProgressEvent) => void;
}

export function recorderOf(parts: RecorderParts): RunRecorder {
  const { runId, store, tell } = parts;
  const journal = stageJournal(parts);
  const { logOf } = journal;

  return {
    accountStarted(account) {
      logOf(account).info({}, "account started");
      tell({ type: "account-started", runId, account });
    },
    accountFinished(summary) {
      store.putSummary(runId, summary);
      logOf(summary.account).info({ status: summary.status }, "account finished");
      tell({ type: "account-finished", runId, summary });
    },
    begin(account, dataset, stage) {
      const status = journal.find(account, dataset, stage)?.status;
      if (status === "IN_PROGRESS" || status === "COMPLETED") return;
      journal.note("stage-started", started(account, dataset, stage));
    },
    finish(account, dataset, stage, counts) {
      const known = journal.find(account, dataset, stage) ?? started(account, dataset, stage);
      if (known.status === "COMPLETED") return;
      journal.note("stage-finished", { ...known, ...end(known), status: "COMPLETED", counts });
    },
    reuse(account, dataset, stage) {
      const begun = started(account, dataset, stage);
      journal.note("stage-reused", { ...begun, ...end(begun), status: "SKIPPED" });
    },
    fail(account, dataset, failure) {
      for (const known of journal.of(account, dataset)) {
        if (known.status !== "IN_PROGRESS") continue;
        journal.note("stage-failed", { ...known, ...end(known), status: "FAILED", failure });
      }
    },
    engineReplaced(account, reason) {
      logOf(account).warn({ reason }, "engine process died and was replaced");
      tell({ type: "engine-replaced", runId, account, reason });
    },
    log: logOf,
    stages: (account, dataset) => journal.of(account, dataset),
  };
}

type StageEvent = "stage-started" | "stage-finished" | "stage-failed" | "stage-reused";

/** The last record of each stage: kept, logged and told whenever it changes. */
function stageJournal({ runId, store, log, tell }: RecorderParts) {
  const records = new Map(store.stages(runId).map((record) => [keyOf(record), record]));
  const logOf = (account: string, dataset?: string) =>
    log.child({ account, ...(dataset === undefined ? {} : { dataset }) });

  return {
    logOf,
    find: (account: string, dataset: string, stage: Stage) =>
      records.get(keyOf({ account, dataset, stage })),
    of: (account: string, dataset: string) =>
      [...records.values()].filter((r) => r.account === account && r.dataset === dataset),
    note(type: StageEvent, record: StageRecord) {
      records.set(keyOf(record), record);
      store.putStage(runId, record);
      const { account, dataset, stage, counts, failure } = record;
      const durationMs = record.durationMs ?? 0;
      const facts = { stage, counts, durationMs, ...(failure ? { failure } : {}) };
      const level = failure ? "error" : "info";
      logOf(account, dataset)[level](facts, type.replace("-", " "));
      const message = failure ? { message: failure.message } : {};
      tell({ type, runId, account, dataset, stage, durationMs, counts, ...message });
    },
  };
}

function keyOf({
  account,
  dataset,
  stage,
}: Pick<StageRecord, "account" | "dataset" | "stage">): string {
  return [account, dataset, stage].join("\n");
}

function end(record: StageRecord): Pick<StageRecord, "endedAt" | "durationMs"> {
  const now = new Date();
  const durationMs = record.startedAt ? now.getTime() - Date.parse(record.startedAt) : 0;
  return { endedAt: now.toISOString(), durationMs };
}

function started(account: string, dataset: string, stage: Stage): StageRecord {
  return {
    account,
    dataset,
    stage,
    status: "IN_PROGRESS",
    startedAt: new Date().toISOString(),
    endedAt: null,
    durationMs: null,
    counts: {},
    failure: null,
  };
}
