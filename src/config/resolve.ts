/** From a checked configuration file to settings: defaults, overrides, absolute paths, dataset names. */
import { resolve } from "node:path";
import type { z } from "zod";
import { ReadOptions } from "../core/index.ts";
import { ProfilingOptions } from "../stages/profiling/index.ts";
import { RankingOptions } from "../stages/ranking/index.ts";
import { QualityOptions } from "../stages/scoring/index.ts";
import { TransformationOptions } from "../stages/transformation/index.ts";
import { ValidationOptions } from "../stages/validation/index.ts";
import { OutputSection, type PipelineFile } from "./file.ts";
import { overlay } from "./merge.ts";
import { freeName, nameOfPath } from "./names.ts";
import {
  type AccountSettings,
  EngineSettings,
  type InputSettings,
  type Settings,
} from "./settings.ts";
import { valueAt } from "./value-at.ts";

type Inputs = PipelineFile["accounts"][number]["inputs"];
type InputEntry = Exclude<Inputs, string | readonly unknown[]>;

type Sections = Pick<
  AccountSettings,
  "profiling" | "transformation" | "validation" | "quality" | "ranking" | "engine"
>;

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
 */
export function resolveFile(raw: unknown, file: PipelineFile, places: Places): Settings {
  const { pipeline, checkpoints } = file;
  const folder = typeof checkpoints === "string" ? checkpoints : checkpoints?.folder;
  return {
    pipeline: { name: pipeline.name, version: String(pipeline.version) },
    configPath: places.configPath,
    checkpointsFolder:
      folder === undefined ? defaultCheckpoints(places.cwd) : resolve(places.folder, folder),
    modules: file.modules.map((path) => resolve(places.folder, path)),
    accounts: file.accounts.map(({ id, inputs }, i) => {
      const layers = [raw, valueAt(raw, ["accounts", i])];
      const { folder: out = "out", ...output } = mergedOutput(layers);
      return {
        id,
        inputs: resolveInputs(inputs, places.folder),
        outputFolder: resolve(places.folder, out, id),
        flat: false,
        ...mergedSections(layers),
        output,
      };
    }),
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

function resolveInputs(inputs: Inputs, folder: string): InputSettings[] {
  const list = Array.isArray(inputs) ? inputs : [inputs];
  const entries = list.map((input) => (typeof input === "string" ? { path: input } : input));
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
