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

export function recorderOf({ runId, store, log, tell }: RecorderParts): RunRecorder {
  const key = (account: string, dataset: string, stage: Stage) =>
    `${account}\n${dataset}\n${stage}`;
  const records = new Map(
    store
      .stages(runId)
      .map((record) => [key(record.account, record.dataset, record.stage), record]),
  );
  const logOf = (account: string, dataset?: string) =>
    log.child({ account, ...(dataset === undefined ? {} : { dataset }) });

  const keep = (record: StageRecord) => {
    records.set(key(record.account, record.dataset, record.stage), record);
    store.putStage(runId, record);
  };
  const announce = (
    record: StageRecord,
    type: "stage-started" | "stage-finished" | "stage-failed" | "stage-reused",
  ) => {
    const { account, dataset, stage, durationMs, counts, failure } = record;
    const facts = { stage, counts, ...(durationMs === null ? {} : { durationMs }) };
    const level = type === "stage-failed" ? "error" : "info";
    logOf(account, dataset)[level](failure ? { ...facts, failure } : facts, type.replace("-", " "));
    tell({
      type,
      runId,
      account,
      dataset,
      stage,
      durationMs: durationMs ?? 0,
      counts,
      ...(failure ? { message: failure.message } : {}),
    });
  };
  const ended = (record: StageRecord): Pick<StageRecord, "endedAt" | "durationMs"> => {
    const now = new Date();
    const durationMs = record.startedAt ? now.getTime() - Date.parse(record.startedAt) : 0;
    return { endedAt: now.toISOString(), durationMs };
  };

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
      const known = records.get(key(account, dataset, stage));
      if (known?.status === "IN_PROGRESS" || known?.status === "COMPLETED") return;
      const record = started(account, dataset, stage);
      keep(record);
      announce(record, "stage-started");
    },
    finish(account, dataset, stage, counts) {
      const known = records.get(key(account, dataset, stage)) ?? started(account, dataset, stage);
      if (known.status === "COMPLETED") return;
      const record: StageRecord = { ...known, ...ended(known), status: "COMPLETED", counts };
      keep(record);
      announce(record, "stage-finished");
    },
    reuse(account, dataset, stage) {
      const begun = started(account, dataset, stage);
      const record: StageRecord = { ...begun, ...ended(begun), status: "SKIPPED" };
      keep(record);
      announce(record, "stage-reused");
    },
    fail(account, dataset, failure) {
      for (const known of records.values()) {
        if (known.account !== account || known.dataset !== dataset) continue;
        if (known.status !== "IN_PROGRESS") continue;
        const record: StageRecord = { ...known, ...ended(known), status: "FAILED", failure };
        keep(record);
        announce(record, "stage-failed");
      }
    },
    engineReplaced(account, reason) {
      logOf(account).warn({ reason }, "engine process died and was replaced");
      tell({ type: "engine-replaced", runId, account, reason });
    },
    log: logOf,
    stages: (account, dataset) =>
      [...records.values()].filter((r) => r.account === account && r.dataset === dataset),
  };
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
