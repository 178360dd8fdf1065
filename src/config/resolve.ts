/** From a checked configuration file to settings: defaults, overrides, absolute paths, dataset names. */
import { resolve } from "node:path";
import { z } from "zod";
import { durationMs, Json, ReadOptions } from "../core/index.ts";
import type { ParallelLimits } from "../orchestration/index.ts";
import { ProfilingOptions } from "../stages/profiling/index.ts";
import { RankingOptions } from "../stages/ranking/index.ts";
import { QualityOptions } from "../stages/scoring/index.ts";
import { TransformationOptions } from "../stages/transformation/index.ts";
import { ValidationOptions } from "../stages/validation/index.ts";
import { OutputSection, type PipelineFile } from "./file.ts";
import { overlay } from "./merge.ts";
import type { Holidays } from "./holidays.ts";
import { freeName, nameOfPath } from "./names.ts";
import { machineTimeZone, resolveSchedule } from "./resolve-schedule.ts";
import { resolveService } from "./service-entry.ts";
import { workflowByDefault } from "./select.ts";
import {
  type AccountSettings,
  EngineSettings,
  type InputSettings,
  type Settings,
} from "./settings.ts";
import { valueAt } from "./value-at.ts";
import { PREPARE_WORKFLOW, resolveWorkflow } from "./resolve-workflow.ts";

type Inputs = NonNullable<PipelineFile["accounts"][number]["inputs"]>;
type InputEntry = Exclude<Inputs, string | readonly unknown[]>;

type Sections = Pick<
  AccountSettings,
  "profiling" | "transformation" | "validation" | "quality" | "ranking" | "engine"
>;

const Variables = z.record(z.string(), Json);

/** Where things are when a file does not say. */
export interface Places {
  /** Absolute path of the file. */
  readonly configPath: string;
  /** Absolute folder that the file's relative paths start from. */
  readonly folder: string;
  /** Absolute folder that the command was given in. */
  readonly cwd: string;
}

/**
 * The settings of a file. `raw` is the file as it stands and `file` the same checked: sections are
 * merged before defaults are filled in, so that a default never hides a setting from the top.
 *
 * @param holidays - What was read from files that schedules name.
 */
export function resolveFile(
  raw: unknown,
  file: PipelineFile,
  places: Places,
  holidays: Holidays = new Map(),
): Omit<Settings, "workflow"> {
  const { pipeline, checkpoints } = file;
  const { folder, ...retention } =
    typeof checkpoints === "object" ? checkpoints : { folder: checkpoints };
  return {
    pipeline: { name: pipeline.name, version: String(pipeline.version) },
    configPath: places.configPath,
    configFolder: places.folder,
    checkpointsFolder:
      folder === undefined ? defaultCheckpoints(places.cwd) : resolve(places.folder, folder),
    modules: file.modules.map((path) => resolve(places.folder, path)),
    workflows: file.workflows
      ? Object.entries(file.workflows).map(([name, entry]) => resolveWorkflow(name, entry))
      : [PREPARE_WORKFLOW],
    limits: limitsOf(file),
    timeZone: file.timeZone ?? machineTimeZone(),
    schedules: schedulesOf(file, places, holidays),
    service: resolveService(file.service, places.folder),
    retention: retentionOf(retention),
    accounts: file.accounts.map(({ id, inputs, vars, secrets }, i) => {
      const layers = [raw, valueAt(raw, ["accounts", i])];
      const { folder: out = "out", ...output } = mergedOutput(layers);
      return {
        id,
        inputs: settingsOfInputs(inputs === undefined ? [] : [inputs].flat(), places.folder),
        vars: Variables.parse({ ...file.vars, ...vars }),
        secrets: { ...file.secrets, ...secrets },
        outputFolder: resolve(places.folder, out, id),
        flat: false,
        ...mergedSections(layers),
        output,
      };
    }),
  };
}

function schedulesOf(
  { schedules, workflows, timeZone = machineTimeZone() }: PipelineFile,
  { folder }: Places,
  holidays: Holidays,
): Settings["schedules"] {
  const names = workflows ? Object.keys(workflows) : [PREPARE_WORKFLOW.name];
  // where none is meant by default each schedule names its own: that was checked
  const workflow = workflowByDefault(names) ?? "";
  return Object.entries(schedules).map(([name, entry]) =>
    resolveSchedule(name, entry, { workflow, timeZone, holidays, folder }),
  );
}

/** How long and how many ended runs are kept, given what a file says of it. */
export function retentionOf(given: {
  readonly keep?: string;
  readonly keepRuns?: number;
}): Settings["retention"] {
  return { keepMs: durationMs(given.keep ?? "30d"), keepRuns: given.keepRuns ?? 1_000 };
}

function limitsOf({ maxParallel, limits, kindLimits, accounts }: PipelineFile): ParallelLimits {
  const own = accounts.flatMap(({ id, maxParallel: places }) =>
    places === undefined ? [] : [[id, places] as const],
  );
  return {
    global: maxParallel ?? null,
    accounts: Object.fromEntries(own),
    kinds: kindLimits,
    named: limits,
  };
}

/** Where runs keep their state when nothing else is said. */
export function defaultCheckpoints(cwd: string): string {
  return resolve(cwd, "checkpoints");
}

/** Each section: built-in defaults, then one layer over the other. */
export function mergedSections(layers: readonly unknown[]): Sections {
  const merged = <T>(name: keyof Sections, shape: z.ZodType<T>): T => {
    const given = layers.map((layer) => valueAt(layer, [name]));
    return shape.parse(given.reduce(overlay, shape.parse({})));
  };
  return {
    profiling: merged("profiling", ProfilingOptions),
    transformation: merged("transformation", TransformationOptions),
    validation: merged("validation", ValidationOptions),
    quality: merged("quality", QualityOptions),
    ranking: merged("ranking", RankingOptions),
    engine: merged("engine", EngineSettings),
  };
}

function mergedOutput(layers: readonly unknown[]): z.infer<typeof OutputSection> {
  const given = layers.map((layer) => {
    const output = valueAt(layer, ["output"]);
    return typeof output === "string" ? { folder: output } : output;
  });
  return OutputSection.parse(given.reduce(overlay, OutputSection.parse({})));
}

/**
 * Inputs as settings: paths, glob patterns, and datasets with options.
 *
 * @param folder - Absolute folder that relative paths start from.
 */
export function settingsOfInputs(
  inputs: readonly (string | InputEntry)[],
  folder: string,
): InputSettings[] {
  const entries = inputs.map((input) => (typeof input === "string" ? { path: input } : input));
  const taken = new Set(
    entries.flatMap(({ name }) => (name === undefined ? [] : [name.toLowerCase()])),
  );
  return entries.map((entry) => {
    const paths = pathsOf(entry).map((path) => resolve(folder, path));
    const name = entry.name ?? freeName(nameOfPath(paths[0]!), taken);
    taken.add(name.toLowerCase());
    return { name, paths, read: readOptionsOf(entry) };
  });
}

function pathsOf({ path, paths = [] }: InputEntry): readonly string[] {
  if (path !== undefined) return [path];
  return typeof paths === "string" ? [paths] : paths;
}

function readOptionsOf(entry: InputEntry): ReadOptions {
  return ReadOptions.strip().parse(entry);
}
