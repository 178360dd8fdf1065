/** What can be asked of schedules and the service from any process. */
import type { Settings } from "../config/index.ts";
import { didYouMean, WranglerError } from "../core/index.ts";
import type { App, TaskSelection } from "../orchestration/index.ts";
import { decide, type ScheduleDefinition, type ScheduleState } from "../schedule/index.ts";
import { overviewOf } from "./overview.ts";
import { comingSlots, type KnownSchedule, scheduleReport } from "./schedule-reports.ts";
import { serve } from "./serve.ts";
import { type DaemonDeps, isoOf, schedulesOf, settingsFor, type Workshop } from "./workshop.ts";

export type DaemonCommands = Pick<
  App,
  "serve" | "schedules" | "comingSlots" | "pauseSchedule" | "resumeSchedule" | "overview"
> & {
  /** What a run of a schedule is started with, now. */
  readonly triggered: (name: string, configPath: string | undefined) => Promise<Triggered>;
};

export interface Triggered {
  readonly settings: Settings;
  readonly select: TaskSelection | undefined;
}

/** Schedules of a configuration, or those on record, in their store. */
interface Asked {
  readonly workshop: Workshop;
  readonly settings: Settings | undefined;
  readonly schedules: readonly KnownSchedule[];
}

export function daemonCommands(deps: DaemonDeps): DaemonCommands {
  const { clock } = deps;
  const ask = async (configPath: string | undefined): Promise<Asked> => {
    const settings = configPath === undefined ? undefined : await deps.load(configPath);
    const workshop = deps.open(settings?.checkpointsFolder);
    const onRecord = workshop.store.slots.schedules();
    const schedules = settings ? withStates(settings, onRecord) : onRecord;
    return { workshop, settings, schedules };
  };
  const reportOn = ({ store }: Workshop, known: KnownSchedule) =>
    scheduleReport(known, store.slots, clock.now());

  return {
    serve: (request, hooks) => serve(deps, request, hooks),
    async schedules(configPath) {
      const { workshop, schedules } = await ask(configPath);
      return schedules.map((known) => reportOn(workshop, known));
    },
    async comingSlots({ configPath, schedule, count }) {
      const { workshop, schedules } = await ask(configPath);
      const meant = schedule === undefined ? schedules : [named(schedules, schedule)];
      return comingSlots(meant, workshop.store.slots.pending(), { nowMs: clock.now(), count });
    },
    async pauseSchedule(name, configPath) {
      const { workshop, schedules } = await ask(configPath);
      return reportOn(workshop, pause(workshop, named(schedules, name), isoOf(clock.now())));
    },
    async resumeSchedule(name, configPath) {
      const { workshop, schedules } = await ask(configPath);
      const { definition, configPath: path } = named(schedules, name);
      workshop.store.slots.add(definition, path, isoOf(clock.now()));
      return reportOn(workshop, resume(workshop, name, clock.now()));
    },
    async overview(configPath) {
      const { workshop, schedules } = await ask(configPath);
      return overviewOf(workshop, schedules, clock.now());
    },
    async triggered(name, configPath) {
      const { settings, schedules } = await ask(configPath);
      const { definition, configPath: path } = named(schedules, name);
      return triggered(settings ?? (await deps.load(path)), definition);
    },
  };
}

/** Those of a configuration, as far as they are on record with their pauses. */
function withStates(settings: Settings, onRecord: readonly ScheduleState[]): KnownSchedule[] {
  const pauses = new Map(onRecord.map(({ definition, pausedAt }) => [definition.name, pausedAt]));
  const configPath = settings.configPath ?? "";
  return schedulesOf(settings).map((definition) => ({
    definition,
    configPath,
    pausedAt: pauses.get(definition.name) ?? null,
  }));
}

function named(schedules: readonly KnownSchedule[], name: string): KnownSchedule {
  const found = schedules.find(({ definition }) => definition.name === name);
  if (found) return found;
  const names = schedules.map(({ definition }) => definition.name);
  const known = names.length === 0 ? "There is none." : `There are ${names.join(", ")}.`;
  const reason = `"${name}".${didYouMean(name, names)} ${known}`;
  throw new WranglerError("SCHEDULE_UNKNOWN", reason, { schedule: name });
}

/** One that no service has seen yet is put on record with its pause. */
function pause({ store }: Workshop, known: KnownSchedule, now: string): ScheduleState {
  const { definition, configPath } = known;
  store.slots.add(definition, configPath, now);
  return store.slots.pause(definition.name, now);
}

/** What came meanwhile is left out; one that is not paused goes on as it did. */
function resume({ store }: Workshop, name: string, nowMs: number): ScheduleState {
  const state = store.slots.schedule(name);
  const decidedUpToMs = Date.parse(state.decidedUpTo);
  if (state.pausedAt === null && decidedUpToMs <= nowMs) return state;
  const situation = { decidedUpToMs, nowMs, paused: true, previousAtWork: false };
  return store.slots.resume(name, decide(state.definition, situation), isoOf(nowMs));
}

function triggered(settings: Settings, definition: ScheduleDefinition): Triggered {
  const { task } = definition;
  return {
    settings: settingsFor(settings, definition),
    select: task === null ? undefined : { only: task },
  };
}
