/** Task kinds: what a task of a workflow can be. */
import type { z } from "zod";
import { type Json, type Log, WranglerError } from "../core/index.ts";
import type { Stage, TaskResults } from "../orchestration/index.ts";

/** An effect outside that must not happen twice unnoticed: a mail, an upload, a command. */
export interface Effect<Outcome extends Json> {
  /** Unique within the task, such as `send` or `upload:report.xlsx`. */
  readonly name: string;
  /**
   * Cause it. `key` is the same each time this very effect is tried: send it along where the other
   * side can tell repetitions by it. An error means that it did not happen, unless
   * {@link Effect.mayHaveHappened} says otherwise.
   */
  readonly cause: (key: string, signal: AbortSignal) => Promise<Outcome>;
  /** Whether it may have happened although `cause` threw this; timeouts and lost answers by default. */
  readonly mayHaveHappened?: (error: unknown) => boolean;
  /**
   * The process is meant to end while it is caused. That it did is nothing uncertain: the next process
   * asks `probe`.
   */
  readonly endsProcess?: boolean;
  /** Look whether it happened, after a crash or a lost answer. `undefined` when that cannot be told. */
  readonly probe?: (
    key: string,
    signal: AbortSignal,
  ) => Promise<
    { readonly done: true; readonly outcome: Outcome } | { readonly done: false } | undefined
  >;
}

/** What a task may ask of the rest of the tool. Graphs answer it. */
export interface TaskPorts {
  /**
   * The datasets of the account, or those of `inputs`, from the file that came in up to a stage.
   * Stages that an earlier task of the same workspace did are not done again.
   */
  prepare(request: PrepareRequest): Promise<TaskResults>;
  /** Another workflow of the configuration, as part of this run. Its failure is thrown. */
  workflow(name: string): Promise<TaskResults>;
  /**
   * Have this process drain, make everything durable, start a command and end, so that the machine or
   * the service is started anew. The attempt ends with the process and is made again after it.
   *
   * Never resolves.
   *
   * @throws {WranglerError} CANCELED once the process drains, RESTART_FAILED when there were as many as
   *   there may be.
   */
  handOver(order: HandOverOrder): Promise<never>;
}

/** A command that restarts the machine or this process. */
export interface HandOverOrder {
  readonly command: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** How long the process waits to be ended by the command before it goes on as if it had failed. */
  readonly withinMs: number;
  /** File for what the command prints; it is there once the command was started, or could not be. */
  readonly outputPath: string;
  /** Most hand-overs of one folder of checkpoints within 24 hours, this one included. */
  readonly maxPerDay: number;
}

export interface PrepareRequest {
  readonly upTo: Exclude<Stage, "loading">;
  /** Datasets of the account by name; all when left out. */
  readonly datasets?: readonly string[];
  /** Files to prepare instead of the account's inputs: absolute paths or glob patterns. */
  readonly inputs?: readonly string[];
  /** Folder that results go to, relative to the configuration file; the account's own when left out. */
  readonly output?: string;
}

/** What a kind's `run` is given. */
export interface TaskContext<Options> {
  /** Checked, references resolved. */
  readonly options: Options;
  readonly runId: string;
  readonly workflow: string;
  readonly account: string;
  /** Its id; within a nested workflow `outer/inner`. */
  readonly task: string;
  /** 1-based. */
  readonly attempt: number;
  /** When the run was due, or started: ISO 8601, UTC. The same in every attempt. */
  readonly scheduledAt: string;
  /** IANA name of the zone that `scheduledAt` is told in: that of the schedule or configuration. */
  readonly timeZone: string;
  /** Absolute folder that relative paths of the configuration start from. */
  readonly configFolder: string;
  /** Absolute, the task's own, made; kept until the run is pruned, so that results may name files in it. */
  readonly folder: string;
  /** Aborts when the attempt is to end: its time is up, the run is canceled. Pass it on. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly ports: TaskPorts;
  /**
   * Cause an effect once: what is recorded as done is not caused again but answered from the record.
   * Null when its outcome is not known, since a person or the policy `skip` settled it.
   */
  readonly effect: <Outcome extends Json>(effect: Effect<Outcome>) => Promise<Outcome | null>;
}

/** A kind of task. */
export interface TaskKind<Options = unknown> {
  /** What `kind:` says in a configuration. */
  readonly name: string;
  /** One sentence for the documentation. */
  readonly description: string;
  /** Shape of the options beside those that every task has. */
  readonly options: z.ZodType<Options>;
  /** Results that other tasks may refer to, with their meaning; undefined: known only when it has run. */
  readonly results?: Readonly<Record<string, string>>;
  /** Options that name a file, relative to the configuration file, that has to be there before a run. */
  readonly files?: readonly string[];
  /**
   * Options, by name, that must not refer to results or secrets, given all of them: what would be put in
   * could be understood as more than a value there, as in the text of a shell.
   */
  readonly literal?: (options: Readonly<Record<string, unknown>>) => readonly string[];
  /** Whether it reads the account's `inputs`, given its options. */
  readonly usesInputs?: (options: unknown) => boolean;
  /** Whether it computes much: such tasks run as many at once as there are processors. */
  readonly heavy?: boolean;
  /** Whether it only waits for other tasks of the run, which take places of limits themselves. */
  readonly waits?: boolean;
  /** Do the work. What it throws fails the attempt; results are plain JSON, files by absolute path. */
  run(context: TaskContext<Options>): Promise<TaskResults>;
}

const kinds = new Map<string, TaskKind>();

/**
 * Register a kind of task under its name.
 *
 * @throws {WranglerError} MODULE_INVALID when the name is taken by another kind.
 */
export function defineTaskKind<Options>(kind: TaskKind<Options>): TaskKind<Options> {
  const known = kinds.get(kind.name);
  if (known && known !== kind) {
    throw new WranglerError("MODULE_INVALID", `Task kind "${kind.name}" is defined twice.`);
  }
  kinds.set(kind.name, kind);
  return kind;
}

/** A registered kind. */
export function taskKind(name: string): TaskKind | undefined {
  return kinds.get(name);
}

/** All registered kinds, by name. */
export function taskKinds(): readonly TaskKind[] {
  return [...kinds.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
