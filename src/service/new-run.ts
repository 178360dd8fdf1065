/** A run that begins: its record, and the settings that it keeps. */
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Settings } from "../config/index.ts";
import type { Clock } from "../core/index.ts";
import type { RunRecord, WorkflowDefinition } from "../orchestration/index.ts";
import type { Store } from "../stores/index.ts";
import { type ExecuteDeps, runFolderOf } from "./execute.ts";
import type { RunSettings } from "./run-settings.ts";

/** What a schedule starts a run for. */
export interface StartSlot {
  /** Name of the schedule. */
  readonly schedule: string;
  /** ISO 8601, UTC. */
  readonly dueAt: string;
  /** Put the run on record, and claim the slot for it, in one transaction. */
  create(run: RunRecord): void;
}

export interface NewRunDeps extends Pick<ExecuteDeps, "folder"> {
  readonly store: Pick<Store, "runs">;
  readonly clock: Clock;
  readonly runSettings: RunSettings;
}

export interface RunWanted {
  readonly settings: Settings;
  /** May be part of the configured one. */
  readonly workflow: WorkflowDefinition;
  readonly forkedFrom: RunRecord | null;
  readonly slot?: StartSlot | undefined;
}

/** A run on record, and its own settings. */
export interface RunMade {
  readonly run: RunRecord;
  readonly settings: Settings;
}

/**
 * Put a new run on record, IDLE.
 *
 * @throws What the slot's `create` threw: nothing is left of the run.
 */
export async function newRun(deps: NewRunDeps, wanted: RunWanted): Promise<RunMade> {
  const { store, runSettings, clock } = deps;
  const { workflow, forkedFrom, slot } = wanted;
  const now = new Date(clock.now());
  const runId = newRunId(now);
  const folder = runFolderOf(deps, runId);
  const settings = ownSettings(wanted);
  const startedAt = now.toISOString();
  const run: RunRecord = {
    runId,
    pipeline: settings.pipeline.name,
    workflow: workflow.name,
    configPath: settings.configPath,
    accounts: settings.accounts.map(({ id }) => id),
    // Until all is taken over: killed before that, it must not be resumed and do again what was done.
    status: "IDLE",
    startedAt,
    endedAt: null,
    attempts: 1,
    round: 1,
    forkedFrom: forkedFrom?.runId ?? null,
    // A fork goes on with what was made then.
    scheduledAt: slot?.dueAt ?? forkedFrom?.scheduledAt ?? startedAt,
    schedule: slot?.schedule ?? null,
    waitsFor: null,
    logPath: join(folder, "log.jsonl"),
  };
  await runSettings.write(folder, settings);
  try {
    if (slot) slot.create(run);
    else store.runs.create(run);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return { run, settings };
}

/** Those it is resumed with: of part of a workflow, in the time zone of the schedule that starts it. */
function ownSettings({ settings, workflow, slot }: RunWanted): Settings {
  const workflows = settings.workflows.map((one) => (one.name === workflow.name ? workflow : one));
  const schedule = settings.schedules.find(({ name }) => name === slot?.schedule);
  return { ...settings, workflows, timeZone: schedule?.timeZone ?? settings.timeZone };
}

/** Sortable by time, readable by people: `20260131-235959-1a2b3c`. */
function newRunId(now: Date): string {
  const [date = "", time = ""] = now.toISOString().slice(0, 19).split("T");
  return `${date.replaceAll("-", "")}-${time.replaceAll(":", "")}-${randomBytes(3).toString("hex")}`;
}
