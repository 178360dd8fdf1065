/**
 * What the tool can do, as its users' side sees it: the CLI, the service, pages and scripts speak
 * this and nothing below. `src/app.ts` makes one.
 *
 * @module
 */
import type { Json } from "../core/index.ts";
import type { AccountSummary, Counts, RunRecord, Stage, StageRecord } from "./status.ts";

/** Something happened in a run. */
export type ProgressEvent =
  | {
      readonly type: "run-started";
      readonly runId: string;
      readonly accounts: readonly string[];
      readonly resumed: boolean;
    }
  | { readonly type: "account-started"; readonly runId: string; readonly account: string }
  | {
      readonly type: "stage-started" | "stage-finished" | "stage-failed" | "stage-reused";
      readonly runId: string;
      readonly account: string;
      readonly dataset: string;
      readonly stage: Stage;
      readonly durationMs: number;
      readonly counts: Counts;
      /** Of a failed stage. */
      readonly message?: string;
    }
  | {
      readonly type: "engine-replaced";
      readonly runId: string;
      readonly account: string;
      readonly reason: string;
    }
  | { readonly type: "account-finished"; readonly runId: string; readonly summary: AccountSummary }
  | {
      readonly type: "run-finished";
      readonly runId: string;
      readonly status: string;
      readonly durationMs: number;
    };

export interface RunHooks {
  readonly onEvent?: (event: ProgressEvent) => void;
  /** Each line of the run's log, as JSON. */
  readonly onLog?: (line: string) => void;
  /** Aborting drains: finished work is kept, the run can be resumed. */
  readonly signal?: AbortSignal;
}

/** What to run: a configuration file, or one input with the defaults. */
export type RunRequest =
  | {
      readonly configPath: string;
      /** Account ids; all when left out. */
      readonly accounts?: readonly string[];
    }
  | { readonly input: string; readonly output: string };

export interface RunResult {
  readonly run: RunRecord;
  readonly accounts: readonly AccountSummary[];
  readonly durationMs: number;
}

/** One stage by itself, on the files that the one before wrote. Which fields a stage needs is told by its command. */
export interface StageRequest {
  readonly stage: Exclude<Stage, "loading" | "apply">;
  /** A configuration whose options apply; the defaults otherwise. */
  readonly configPath?: string;
  readonly account?: string;
  /** The data file. */
  readonly input?: string;
  readonly profilePath?: string;
  /** Folder of candidate files. */
  readonly candidatesPath?: string;
  /** File, or folder for candidates. */
  readonly output?: string;
  readonly top?: number;
}

export interface StageResult {
  /** The artifact itself, as JSON: a Profile, candidates, verdicts, scores or a Ranking. */
  readonly result: Json;
  /** Files written. */
  readonly written: readonly string[];
  readonly counts: Counts;
}

export interface ApplyRequest {
  readonly recipePath: string;
  readonly input: string;
  readonly output: string;
}

export interface UndoRequest {
  /** changes.parquet of a run. Its neighbours (manifest, quarantine, duplicates) are read too. */
  readonly changesPath: string;
  /** The cleaned table. */
  readonly input: string;
  readonly output: string;
}

/** What a replayed recipe did. */
export interface ApplyResult {
  readonly written: readonly string[];
  readonly counts: Counts;
}

/** What an undo did. */
export interface UndoResult {
  readonly written: string;
  readonly cellsRestored: number;
  readonly rowsRestored: number;
  /** True when the bytes written have the hash of the original input. */
  readonly identical: boolean;
}

export interface RunReport {
  readonly run: RunRecord;
  readonly stages: readonly StageRecord[];
  readonly accounts: readonly AccountSummary[];
}

export interface App {
  run(request: RunRequest, hooks?: RunHooks): Promise<RunResult>;
  /** Go on with a run that was killed or interrupted; the latest unfinished one when no id is given. */
  resume(runId?: string, hooks?: RunHooks): Promise<RunResult>;
  /** All runs, latest first. */
  runs(): Promise<readonly RunRecord[]>;
  /** One run with its stages; the latest when no id is given. */
  status(runId?: string): Promise<RunReport>;
  stage(request: StageRequest, hooks?: RunHooks): Promise<StageResult>;
  apply(request: ApplyRequest, hooks?: RunHooks): Promise<ApplyResult>;
  undo(request: UndoRequest, hooks?: RunHooks): Promise<UndoResult>;
  close(): Promise<void>;
}
