/**
 * What the tool can do, as its users' side sees it: the CLI, the service, pages and scripts speak
 * this and nothing below. `src/app.ts` makes one.
 *
 * @module
 */
import type { Json } from "../core/index.ts";
import type { ProgressEvent } from "./events.ts";
import type { AttemptRecord, EffectRecord, TaskRecord } from "./records.ts";
import type {
  ComingSlot,
  DoctorReport,
  Overview,
  ScheduleReport,
  ServiceEnd,
  ServiceHooks,
  ServiceRequest,
} from "./service-api.ts";
import type { AccountSummary, Counts, RunRecord, Stage, StageRecord } from "./status.ts";

export interface RunHooks {
  readonly onEvent?: (event: ProgressEvent) => void;
  /** Each line of the run's log, as JSON. */
  readonly onLog?: (line: string) => void;
  /** Aborting drains: no new task starts, those at work may end within their grace; resumable. */
  readonly drain?: AbortSignal;
  /** Aborting ends what is at work at once; what was finished is kept, the run can be resumed. */
  readonly signal?: AbortSignal;
}

/** What to run: a configuration file, or one input with the defaults. */
export type RunRequest =
  | {
      readonly configPath: string;
      /** Account ids; all when left out. */
      readonly accounts?: readonly string[];
      /** The only workflow, or the one named `default`, when left out. */
      readonly workflow?: string;
      readonly select?: TaskSelection;
    }
  | { readonly input: string; readonly output: string };

/** Part of a workflow. What is not run is taken over from the latest run that finished it. */
export type TaskSelection =
  /** This task alone. */
  | { readonly only: string }
  /** This task and all that come after it. */
  | { readonly from: string }
  /** What failed in the latest run, and what was skipped or canceled for it. */
  | { readonly failed: true };

export interface RunResult {
  readonly run: RunRecord;
  /** Of all accounts; in the order of the file. */
  readonly tasks: readonly TaskRecord[];
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
  readonly tasks: readonly TaskRecord[];
  readonly stages: readonly StageRecord[];
  readonly accounts: readonly AccountSummary[];
}

/** All that is kept of a run. */
export interface RunHistory extends RunReport {
  readonly attempts: readonly AttemptRecord[];
  readonly effects: readonly EffectRecord[];
  readonly events: readonly ProgressEvent[];
}

export type GraphFormat = "mermaid" | "dot" | "json" | "svg";

/** A configuration that holds. */
export interface CheckResult {
  readonly configPath: string;
  readonly accounts: readonly string[];
  readonly workflows: readonly {
    readonly name: string;
    readonly tasks: number;
    readonly dependencies: number;
  }[];
}

/** A task in a plan. */
export interface TaskPlan {
  readonly task: string;
  readonly kind: string;
  readonly dependsOn: readonly string[];
  readonly trigger: string;
  readonly critical: boolean;
  /** Earliest round of work it can be in, from 0. */
  readonly wave: number;
  /** Median of its past durations in milliseconds; null when it never ran to its end. */
  readonly expectedMs: number | null;
  /** Whether it is on the longest path by expected durations. */
  readonly onCriticalPath: boolean;
  /** Whether it would run, or its result be taken over from an earlier run. */
  readonly takenFrom: string | null;
}

/** What a run would do. */
export interface PlanReport {
  readonly workflow: string;
  readonly accounts: readonly {
    readonly account: string;
    readonly tasks: readonly TaskPlan[];
    /** Sum along the critical path; null when no duration is known. */
    readonly expectedMs: number | null;
  }[];
}

export interface PruneResult {
  /** Runs that were forgotten. */
  readonly runs: readonly string[];
  readonly bytesFreed: number;
}

export interface App {
  run(request: RunRequest, hooks?: RunHooks): Promise<RunResult>;
  /** What `run` would do; nothing is run. */
  plan(request: RunRequest): Promise<PlanReport>;
  /** Check a configuration and the modules it names. */
  check(configPath: string): Promise<CheckResult>;
  /** Draw a workflow of a configuration; the only one, or `default`, when none is named. */
  graph(configPath: string, format: GraphFormat, workflow?: string): Promise<string>;
  /** Go on with a run that was killed or interrupted; without an id the latest that nobody executes. */
  resume(runId?: string, hooks?: RunHooks): Promise<RunResult>;
  /** Run failed, skipped and canceled tasks of an ended run again, or one of them, in the same run. */
  retry(runId: string, task?: string, hooks?: RunHooks): Promise<RunResult>;
  /** A new run with the same settings that takes over what was finished before a task. */
  fork(runId: string, from: string, hooks?: RunHooks): Promise<RunResult>;
  /** End a run for good, in this process or another. Resolves when the run's record says so. */
  cancel(runId: string): Promise<RunRecord>;
  /** Have a run stop after the tasks at work; `resume` goes on. Resolves when it has stopped. */
  pause(runId: string): Promise<RunRecord>;
  /** Say what became of an uncertain effect, so that the run can be resumed. */
  resolve(runId: string, task: string, as: "done" | "not-done", account?: string): Promise<void>;
  /** All runs, latest first. */
  runs(): Promise<readonly RunRecord[]>;
  /** One run with its tasks and stages; the latest when no id is given. */
  status(runId?: string): Promise<RunReport>;
  history(runId?: string): Promise<RunHistory>;
  /** Events of a run, those of the past first, until it ends or the signal aborts. */
  watch(runId: string | undefined, signal?: AbortSignal): AsyncIterable<ProgressEvent>;
  /** Forget ended runs that are older or more than is to be kept; the defaults of the store when not given. */
  prune(keep: { readonly keepMs?: number; readonly keepRuns?: number }): Promise<PruneResult>;
  /** How all stands: latest runs, what comes next, the service. */
  overview(configPath?: string): Promise<Overview>;
  /** Schedules of a configuration; without one those of the last service. */
  schedules(configPath?: string): Promise<readonly ScheduleReport[]>;
  /** Slots to come of all schedules or one, soonest first. */
  comingSlots(request: {
    readonly configPath?: string;
    readonly schedule?: string;
    readonly count: number;
  }): Promise<readonly ComingSlot[]>;
  /** Pause a schedule: its slots are left out until it is resumed. */
  pauseSchedule(name: string, configPath?: string): Promise<ScheduleReport>;
  resumeSchedule(name: string, configPath?: string): Promise<ScheduleReport>;
  /** Run now what a schedule runs, in this process, besides its slots. */
  trigger(name: string, configPath?: string, hooks?: RunHooks): Promise<RunResult>;
  /** Continuous operation: runs schedules until it is drained. */
  serve(request: ServiceRequest, hooks?: ServiceHooks): Promise<ServiceEnd>;
  /**
   * Check configuration, store, folders, secrets, mail servers, time zone and disk.
   *
   * @param options.network - Also ask the hosts of downloads, and one of them what time it is.
   */
  doctor(
    configPath?: string,
    options?: { readonly network?: boolean; readonly signal?: AbortSignal },
  ): Promise<DoctorReport>;
  stage(request: StageRequest, hooks?: RunHooks): Promise<StageResult>;
  apply(request: ApplyRequest, hooks?: RunHooks): Promise<ApplyResult>;
  undo(request: UndoRequest, hooks?: RunHooks): Promise<UndoResult>;
  close(): Promise<void>;
}
