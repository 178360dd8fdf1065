/** All that the service looks at of itself at each heartbeat. */
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { Settings } from "../config/index.ts";
import type { Clock } from "../core/index.ts";
import type { HealthCheck } from "../orchestration/index.ts";
import type { Store } from "../stores/index.ts";
import { taskKind } from "../tasks/index.ts";
import {
  ClockWatch,
  diskCheck,
  freeSpaces,
  loopCheck,
  memoryCheck,
  runCheck,
  scheduleCheck,
  taskCheck,
  type TaskTerms,
} from "./checks/index.ts";
import type { TaskAtWork, TasksAtWork } from "./tasks-at-work.ts";
import { isoOf } from "./workshop.ts";

const DAY_MS = 86_400_000;
const NANOS_PER_MS = 1e6;

interface SelfCheckDeps {
  readonly store: Pick<Store, "slots" | "runs" | "durations">;
  readonly clock: Clock;
  /** Those of the configuration that was read last. */
  readonly settings: () => Settings;
  readonly settingsOf: (runId: string) => Settings | undefined;
  /** Absolute. */
  readonly checkpointsFolder: string;
  readonly tasks: TasksAtWork;
  /** Starts and resumes that failed. */
  readonly failedStarts: () => readonly { readonly key: string; readonly message: string }[];
  readonly refusedRuns: () => readonly { readonly runId: string; readonly message: string }[];
}

export interface SelfChecks {
  look(): Promise<HealthCheck[]>;
  close(): void;
}

export function selfChecks(deps: SelfCheckDeps): SelfChecks {
  const { store, clock, settings, tasks } = deps;
  const clockWatch = new ClockWatch();
  const loop = monitorEventLoopDelay();
  loop.enable();

  return {
    async look() {
      const { checks } = settings().service;
      const nowMs = clock.now();
      const spaces = await freeSpaces(foldersOf(settings(), deps.checkpointsFolder));
      const { stuckAfterMs } = checks;
      const termsOf = (task: TaskAtWork) => termsOfTask(deps, task);
      return [
        diskCheck(spaces, checks.diskFreeBytes),
        memoryCheck(process.memoryUsage.rss(), checks.memoryBytes),
        clockWatch.check(checks.clockStepMs, aheadMs(store, nowMs)),
        loopCheck(longestDelayMs(loop)),
        taskCheck(tasks.all(), { nowMs, stuckAfterMs, termsOf }),
        scheduleCheck(store.slots.since(isoOf(nowMs - DAY_MS)), deps.failedStarts()),
        runCheck(deps.refusedRuns(), waitingForPerson(store)),
      ];
    },
    close: () => loop.disable(),
  };
}

/** Where runs write. */
function foldersOf({ accounts }: Settings, checkpointsFolder: string): string[] {
  return [checkpointsFolder, ...accounts.map(({ outputFolder }) => outputFolder)];
}

/** How far schedules are decided beyond now. */
function aheadMs(store: Pick<Store, "slots">, nowMs: number): number {
  const upTo = store.slots.schedules().map(({ decidedUpTo }) => Date.parse(decidedUpTo) - nowMs);
  return Math.max(0, ...upTo);
}

/** Of the time since it was last asked. */
function longestDelayMs(loop: IntervalHistogram): number {
  const longestMs = loop.max / NANOS_PER_MS;
  loop.reset();
  return longestMs;
}

function waitingForPerson({ runs }: Pick<Store, "runs">): string[] {
  return runs
    .unfinished()
    .filter(({ status, waitsFor }) => status === "WAITING" && waitsFor === "person")
    .map(({ runId }) => runId);
}

function termsOfTask({ store, settingsOf }: SelfCheckDeps, at: TaskAtWork): TaskTerms {
  const settings = settingsOf(at.runId);
  const tasks = settings?.workflows.find(({ name }) => name === settings.workflow)?.tasks ?? [];
  const definition = tasks.find(({ id }) => id === at.task);
  return {
    hasTimeout: definition?.timeoutMs != null,
    waits: taskKind(at.kind)?.waits === true,
    usualMs: settings && store.durations(settings.workflow, at.account).get(at.task),
  };
}
