/** The scheduler over a real store and a simulated clock, with runs that take as long as the test says. */
import { setImmediate as turn } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { type SimulatedClock, silentLog, simulatedClock } from "../../src/core/index.ts";
import type { Settings } from "../../src/config/index.ts";
import { RunsAtWork } from "../../src/daemon/runs-at-work.ts";
import { Scheduler } from "../../src/daemon/scheduler.ts";
import type { News } from "../../src/daemon/voice.ts";
import type {
  RunHooks,
  RunRecord,
  RunResult,
  RunStatus,
  TaskSelection,
} from "../../src/orchestration/index.ts";
import type { ScheduleDefinition, SlotRecord } from "../../src/schedule/index.ts";
import type { StartSlot } from "../../src/service/index.ts";
import { openStore, type Store } from "../../src/stores/index.ts";
import { withFolder } from "./engine.ts";
import { runRecord } from "./store-records.ts";

/** How a played run goes. */
export interface PlayedRun {
  /** Simulated. */
  readonly tookMs?: number;
  readonly status?: RunStatus;
  readonly waitsFor?: RunRecord["waitsFor"];
  /** Thrown before the run is on record. */
  readonly refused?: Error;
  /** Thrown after it is on record, before it begins. */
  readonly broken?: Error;
}

export interface PlayOptions {
  /** ISO 8601, UTC. */
  readonly startAt: string;
  readonly schedules: readonly ScheduleDefinition[];
  /** By the start's number, from 0; a run takes no time and completes when left out. */
  readonly play?: (start: number, settings: Settings) => PlayedRun;
  readonly folder?: string;
}

export interface PlayedService {
  readonly store: Store;
  readonly clock: SimulatedClock;
  readonly scheduler: Scheduler;
  readonly atWork: RunsAtWork;
  readonly news: News[];
  /** Every start that was tried. */
  readonly starts: { readonly settings: Settings; readonly select: TaskSelection | undefined }[];
  /** What hinders starts from now on. */
  readonly hinder: (why: string | null) => void;
  /** Until a time, ISO 8601, UTC. */
  readonly until: (at: string) => Promise<void>;
  /** `09:30 STARTED`: statuses that slots got, in order. */
  readonly told: () => string[];
  /** End it as if its process had been killed. */
  readonly kill: () => void;
}

/** The pipeline that played schedules are of. */
function playedSettings(accounts: readonly string[] = ["acme", "bolt"]): Settings {
  return { workflow: "daily", accounts: accounts.map((id) => ({ id })) } as unknown as Settings;
}

export async function playedService(options: PlayOptions): Promise<PlayedService> {
  const { startAt, schedules } = options;
  const play: NonNullable<PlayOptions["play"]> = options.play ?? (() => ({}));
  const folder = options.folder ?? (await withFolder());
  const clock = simulatedClock(Date.parse(startAt));
  const store = openStore(folder, { now: () => clock.now() });
  const lease = store.service.take();
  const news: News[] = [];
  const starts: { settings: Settings; select: TaskSelection | undefined }[] = [];
  const canceled = new Map<string, () => void>();
  let hindrance: string | null = null;
  let isOver = false;

  const runs = {
    async start(
      settings: Settings,
      select?: TaskSelection,
      hooks?: RunHooks,
      slot?: StartSlot,
    ): Promise<RunResult> {
      const number = starts.push({ settings, select }) - 1;
      const {
        tookMs = 0,
        status = "COMPLETED",
        waitsFor = null,
        ...failed
      } = play(number, settings);
      if (failed.refused) throw failed.refused;
      const runId = `run-${number}-${clock.now()}`;
      const at = new Date(clock.now()).toISOString();
      const scheduledAt = slot?.dueAt ?? at;
      const about = { startedAt: at, scheduledAt, accounts: [], schedule: slot?.schedule ?? null };
      slot?.create(runRecord(runId, { ...about, status: "IDLE" }));
      if (failed.broken) throw failed.broken;
      const runLease = store.take(runId);
      store.runs.setStatus(runId, "RUNNING");
      const begun = {
        type: "run-started",
        workflow: "daily",
        accounts: [],
        resumed: false,
      } as const;
      hooks?.onEvent?.({ ...begun, runId, seq: 1, at });
      const end = await new Promise<RunStatus>((resolve) => {
        canceled.set(runId, () => resolve("CANCELED"));
        clock.after(tookMs, () => resolve(status));
      });
      if (isOver) return new Promise(() => {});
      const endedAt = new Date(clock.now()).toISOString();
      if (end === "WAITING") store.runs.setStatus(runId, end, waitsFor);
      else store.runs.end(runId, end, endedAt);
      runLease.release();
      return { run: store.runs.get(runId)!, tasks: [], accounts: [], durationMs: tookMs };
    },
    resume: () => Promise.reject(new Error("Nothing is resumed here.")),
  };
  const tell = (one: News) => void news.push(one);
  const { signal } = new AbortController();
  const atWork = new RunsAtWork({
    runs,
    clock,
    tell,
    log: silentLog,
    onEvent: () => {},
    drain: signal,
    signal,
  });
  const scheduler = new Scheduler({
    store,
    clock,
    atWork,
    tell,
    log: silentLog,
    settings: playedSettings,
    async cancel(runId) {
      canceled.get(runId)?.();
      while (store.holder(runId)) await turn();
      return store.runs.get(runId)!;
    },
    hindrance: () => hindrance,
    onLook: () => {},
  });
  const kill = () => {
    if (isOver) return;
    isOver = true;
    scheduler.stop();
    lease.release();
    store.close();
  };
  onTestFinished(kill);
  store.slots.register(schedules, "/x/pipeline.yaml", startAt);
  scheduler.look();
  return {
    store,
    clock,
    scheduler,
    atWork,
    news,
    starts,
    kill,
    hinder(why) {
      hindrance = why;
      scheduler.look();
    },
    until: (at) => clock.advance(Date.parse(at)),
    told: () => news.flatMap((one) => (one.type === "slot" ? [wordsOf(one.slot)] : [])),
  };
}

function wordsOf({ dueAt, status }: SlotRecord): string {
  return `${dueAt.slice(8, 16).replace("T", " ")} ${status}`;
}
