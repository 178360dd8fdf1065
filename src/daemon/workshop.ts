/** What the service is given to work with; `src/app.ts` puts it together. */
import type { Settings } from "../config/index.ts";
import type { Clock } from "../core/index.ts";
import type { Limiter, RunRecord } from "../orchestration/index.ts";
import type { ScheduleDefinition } from "../schedule/index.ts";
import type { HandOver, Runner, RunViews } from "../service/index.ts";
import type { Store } from "../stores/index.ts";

/** What there is of one folder of checkpoints. */
export interface Workshop {
  readonly store: Store;
  readonly runs: Pick<Runner, "start" | "resume">;
  readonly views: Pick<RunViews, "report">;
  /** Those that a run is resumed with. */
  readonly settingsOf: (runId: string) => Promise<Settings>;
  readonly cancel: (runId: string) => Promise<RunRecord>;
}

export interface DaemonDeps {
  readonly clock: Clock;
  readonly limiter: Pick<Limiter, "inUse">;
  readonly handOver: HandOver;
  /** Version of the tool. */
  readonly tool: string;
  /** Of the log of the service. */
  readonly logLevel: string;
  /** Where the supervisor's variables are. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folder of checkpoints that a configured one leads to, or none. */
  readonly folderOf: (configured: string | undefined) => string;
  readonly open: (configured: string | undefined) => Workshop;
  /** A configuration, without a choice of workflow. */
  readonly load: (configPath: string) => Promise<Settings>;
  /** Settings of a run that this process executes. */
  readonly settingsOf: (runId: string) => Settings | undefined;
}

/** Schedules of a configuration, each with the accounts that it is for. */
export function schedulesOf({ schedules, accounts }: Settings): ScheduleDefinition[] {
  const all = accounts.map(({ id }) => id);
  return schedules.map((schedule) => ({ ...schedule, accounts: schedule.accounts ?? all }));
}

/** What a run of a schedule is started with. */
export function settingsFor(
  settings: Settings,
  { workflow, accounts }: Pick<ScheduleDefinition, "workflow" | "accounts">,
): Settings {
  const wanted = accounts && new Set(accounts);
  return {
    ...settings,
    workflow,
    accounts: settings.accounts.filter(({ id }) => wanted?.has(id) ?? true),
  };
}

/** Milliseconds since the epoch as ISO 8601, UTC. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** What an error says. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
