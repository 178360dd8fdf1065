/** What can be asked of continuous operation: schedules, the service, how all stands. */
import type { ScheduleDefinition, SlotRecord } from "../schedule/index.ts";
import type { ProgressEvent } from "./events.ts";
import type { TaskRecord } from "./records.ts";
import type { RunRecord } from "./status.ts";

/** A slot to come. */
export interface ComingSlot {
  readonly schedule: string;
  readonly workflow: string;
  /** Only this task; null: all. */
  readonly task: string | null;
  readonly accounts: readonly string[];
  /** ISO 8601, UTC: the time that the schedule names, and when it starts, jitter included. */
  readonly dueAt: string;
  readonly startAt: string;
}

/** How a schedule stands. */
export interface ScheduleReport {
  readonly definition: ScheduleDefinition;
  readonly configPath: string;
  /** Its rule in words, such as `at 09:30 and 13:00, mon–fri, Europe/Berlin`. */
  readonly rule: string;
  readonly paused: boolean;
  /** When a person paused it; null when none did. */
  readonly pausedAt: string | null;
  /** The latest slot that was decided; null before the first. */
  readonly last: SlotRecord | null;
  /** Null when it is paused or has no slot within two years. */
  readonly next: ComingSlot | null;
}

/** A task that waits for its time of the day, or for its next attempt. */
export interface ComingTask {
  readonly runId: string;
  readonly account: string;
  readonly task: string;
  readonly kind: string;
  /** ISO 8601, UTC. */
  readonly startAt: string;
  readonly reason: "its time" | "next attempt";
}

/** How all stands, without asking for one run. */
export interface Overview {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The latest run of each workflow, with its tasks; unfinished runs first, then the latest ended. */
  readonly workflows: readonly { readonly run: RunRecord; readonly tasks: readonly TaskRecord[] }[];
  readonly comingTasks: readonly ComingTask[];
  /** The next slot of each schedule, soonest first. */
  readonly comingSlots: readonly ComingSlot[];
  readonly service: ServiceHealth | null;
}

export type CheckLevel = "ok" | "warning" | "failing";

/** One thing that was looked at. */
export interface HealthCheck {
  /** Such as `store`, `disk`, `memory`, `clock`, `tasks`, `schedules`. */
  readonly name: string;
  readonly level: CheckLevel;
  /** What was found, as a sentence. */
  readonly text: string;
  /** What to do; null when all is well. */
  readonly remedy: string | null;
}

/** The last that a service told of itself. */
export interface ServiceHealth {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string;
  /** Its last heartbeat. */
  readonly at: string;
  /** Whether that was recent enough for it to be alive. */
  readonly alive: boolean;
  readonly configPath: string;
  /** Where it answers `/healthz`, `/readyz` and `/metrics`; null when it does not listen. */
  readonly url: string | null;
  readonly checks: readonly HealthCheck[];
}

/** What a service tells of itself while it runs, besides the events of its runs. */
export type ServiceNotice = { readonly at: string } & (
  | { readonly type: "started"; readonly url: string | null; readonly schedules: number }
  | { readonly type: "reloaded"; readonly schedules: number }
  | { readonly type: "reload-refused"; readonly message: string }
  | { readonly type: "slot"; readonly slot: SlotRecord }
  | { readonly type: "run-resumed"; readonly runId: string }
  | {
      readonly type: "run-ended";
      readonly runId: string;
      readonly workflow: string;
      readonly status: string;
    }
  | { readonly type: "health"; readonly checks: readonly HealthCheck[] }
  | { readonly type: "draining"; readonly reason: string }
  | { readonly type: "handing-over"; readonly to: string }
  | { readonly type: "stopped" }
);

export interface ServiceRequest {
  readonly configPath: string;
  /** Over those of the configuration. */
  readonly host?: string;
  readonly port?: number;
  /** False: it does not listen, whatever the configuration says. */
  readonly http?: boolean;
}

export interface ServiceHooks {
  readonly onNotice?: (notice: ServiceNotice) => void;
  readonly onEvent?: (event: ProgressEvent) => void;
  /** Aborting drains: tasks at work may end within their grace, then the service ends. */
  readonly drain?: AbortSignal;
  /** Aborting ends what is at work at once. */
  readonly signal?: AbortSignal;
  /** Is given what to call when the configuration is to be read anew; gives back how to stop. */
  readonly onReload?: (reload: () => void) => () => void;
}

/** Why a service ended: it was asked to, or it hands over to a restart. */
export interface ServiceEnd {
  readonly reason: "drained" | "handed-over";
}

export interface DoctorReport {
  readonly configPath: string | null;
  readonly checks: readonly HealthCheck[];
}
