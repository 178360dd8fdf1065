import type { Failure, Log } from "../core/index.ts";
import type {
  AccountSummary,
  Counts,
  Journal,
  RunHappening,
  Stage,
  StageRecord,
} from "../orchestration/index.ts";

/** Which dataset of which task of which account. */
interface Place {
  readonly account: string;
  readonly task: string;
  readonly dataset: string;
}

/** Where the stages of a run stand: in the journal, in the log, and told to who listens. */
export interface RunRecorder {
  accountStarted(account: string, tasks: readonly string[]): void;
  accountFinished(summary: AccountSummary): Promise<void>;
  begin(place: Place, stage: Stage): void;
  finish(place: Place, stage: Stage, counts: Counts): void;
  reuse(place: Place, stage: Stage): void;
  fail(place: Place, failure: Failure): void;
  engineReplaced(account: string, reason: string): void;
  log(account: string, task?: string, dataset?: string): Log;
  /** Stages of one dataset in the order they began. */
  stages(place: Place): StageRecord[];
}

export interface RecorderParts {
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Where an account's stages are kept. */
  readonly journalOf: (account: string) => Pick<Journal, "stages" | "commit">;
  /** Keep how an account ended, and tell of it. */
  readonly keepSummary: (summary: AccountSummary) => Promise<void>;
  /** A record of an account could not be written. */
  readonly onError: (error: unknown, account: string) => void;
}

export function recorderOf(parts: RecorderParts): RunRecorder {
  const { journalOf, keepSummary, now } = parts;
  const { logOf, tell, note } = notesOf(parts);
  const known = (place: Place) =>
    journalOf(place.account)
      .stages()
      .filter((one) => one.task === place.task && one.dataset === place.dataset);
  const find = (place: Place, stage: Stage) => known(place).find((one) => one.stage === stage);

  return {
    accountStarted(account, tasks) {
      logOf(account).info({}, "account started");
      tell(account, { type: "account-started", account, tasks });
    },
    async accountFinished(summary) {
      logOf(summary.account).info({ status: summary.status }, "account finished");
      await keepSummary(summary);
    },
    begin(place, stage) {
      const status = find(place, stage)?.status;
      if (status === "IN_PROGRESS" || status === "COMPLETED") return;
      note("stage-started", started(place, stage, now()));
    },
    finish(place, stage, counts) {
      const record = find(place, stage) ?? started(place, stage, now());
      if (record.status === "COMPLETED") return;
      note("stage-finished", { ...record, ...end(record, now()), status: "COMPLETED", counts });
    },
    reuse(place, stage) {
      const begun = started(place, stage, now());
      note("stage-reused", { ...begun, ...end(begun, now()), status: "SKIPPED" });
    },
    fail(place, failure) {
      for (const record of known(place)) {
        if (record.status !== "IN_PROGRESS") continue;
        note("stage-failed", { ...record, ...end(record, now()), status: "FAILED", failure });
      }
    },
    engineReplaced(account, reason) {
      logOf(account).warn({ reason }, "engine process died and was replaced");
      tell(account, { type: "engine-replaced", account, reason });
    },
    log: logOf,
    stages: (place) => known(place),
  };
}

/** Ways to log and tell of something. */
function notesOf({ log, journalOf, onError }: RecorderParts) {
  const logOf = (account: string, task?: string, dataset?: string) =>
    log.child({
      account,
      ...(task === undefined ? {} : { task }),
      ...(dataset === undefined ? {} : { dataset }),
    });
  const tell = (account: string, happening: RunHappening, stages: readonly StageRecord[] = []) => {
    journalOf(account)
      .commit({ stages, happenings: [happening] })
      .catch((error: unknown) => onError(error, account));
  };
  const note = (type: StageEvent, record: StageRecord) => {
    const { account, task, dataset, stage, counts, failure } = record;
    const durationMs = record.durationMs ?? 0;
    const facts = { stage, counts, durationMs, ...(failure ? { failure } : {}) };
    logOf(account, task, dataset)[failure ? "error" : "info"](facts, type.replace("-", " "));
    const message = failure ? { message: failure.message } : {};
    const happening = { type, account, task, dataset, stage, durationMs, counts, ...message };
    tell(account, happening, [record]);
  };
  return { logOf, tell, note };
}

type StageEvent = "stage-started" | "stage-finished" | "stage-failed" | "stage-reused";

function end(record: StageRecord, nowMs: number): Pick<StageRecord, "endedAt" | "durationMs"> {
  const durationMs = record.startedAt ? nowMs - Date.parse(record.startedAt) : 0;
  return { endedAt: new Date(nowMs).toISOString(), durationMs: Math.max(0, durationMs) };
}

function started({ account, task, dataset }: Place, stage: Stage, nowMs: number): StageRecord {
  return {
    account,
    task,
    dataset,
    stage,
    status: "IN_PROGRESS",
    startedAt: new Date(nowMs).toISOString(),
    endedAt: null,
    durationMs: null,
    counts: {},
    failure: null,
  };
}
