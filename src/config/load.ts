/** Reads a configuration, or makes one for a single input. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { WranglerError } from "../core/index.ts";
import type { CheckResult } from "../orchestration/index.ts";
import { checkFile } from "./check.ts";
import { SourceDocument } from "./document.ts";
import { type Environment, environmentSubstitute } from "./environment.ts";
import { PipelineFile } from "./file.ts";
import { nameOfPath } from "./names.ts";
import { configInvalid, type Problem } from "./problems.ts";
import { PREPARE_WORKFLOW } from "./resolve-workflow.ts";
import { defaultCheckpoints, mergedSections, resolveFile, retentionOf } from "./resolve.ts";
import { selectAccounts, selectWorkflow } from "./select.ts";
import { OutputOptions, Settings } from "./settings.ts";
import { valueAt } from "./value-at.ts";

export interface LoadOptions {
  /** Where `${NAME}` is looked up. */
  readonly env: Environment;
  /** Ids of the accounts wanted; all when left out. The environment of the others is not needed. */
  readonly only?: readonly string[];
  /** Folder that the command was given in; the process's own when left out. */
  readonly cwd?: string;
  /** The workflow to run; the only one, or `default`, when left out. `null`: no choice is needed. */
  readonly workflow?: string | null;
  /**
   * Loads a user module by its absolute path. Without it, kinds of task that modules may define
   * are not checked.
   */
  readonly loadModule?: (path: string) => Promise<void>;
}

/**
 * Settings from a configuration file. Glob patterns stay as they are, made absolute.
 *
 * @throws {WranglerError} CONFIG_MISSING when it cannot be read, CONFIG_INVALID with every problem in
 *   it, ACCOUNT_UNKNOWN when an id of `only` is not there, WORKFLOW_UNKNOWN when it is not clear which
 *   workflow is meant; whatever `loadModule` throws.
 */
export async function loadSettings(path: string, options: LoadOptions): Promise<Settings> {
  const { only, workflow } = options;
  const read = await readSettings(path, options);
  const names = read.workflows.map(({ name }) => name);
  // without a choice to make the first stands for all
  const chosen = workflow === null ? (names[0] ?? "") : selectWorkflow(names, workflow);
  const settings = Settings.parse({ ...read, workflow: chosen });
  return only === undefined ? settings : selectAccounts(settings, only);
}

/**
 * Check a configuration file without choosing from it.
 *
 * @throws {WranglerError} As {@link loadSettings} does, but for WORKFLOW_UNKNOWN.
 */
export async function checkConfig(
  path: string,
  options: Omit<LoadOptions, "workflow">,
): Promise<CheckResult> {
  const { configPath, accounts, workflows } = await loadSettings(path, {
    ...options,
    workflow: null,
  });
  return {
    configPath: configPath ?? path,
    accounts: accounts.map(({ id }) => id),
    workflows: workflows.map(({ name, tasks }) => ({
      name,
      tasks: tasks.length,
      dependencies: tasks.reduce((sum, { dependsOn }) => sum + dependsOn.length, 0),
    })),
  };
}

async function readSettings(
  path: string,
  { env, only, cwd = process.cwd(), loadModule }: LoadOptions,
): Promise<Omit<Settings, "workflow">> {
  const configPath = resolve(cwd, path);
  const places = { configPath, folder: dirname(configPath), cwd };
  const source = new SourceDocument(await readText(configPath));
  const unset = source.substitute(environmentSubstitute(env));
  const { value, problems } = valueOf(source);
  const modules = modulesOf(value, unset);
  for (const module of modules ?? []) await loadModule?.(resolve(places.folder, module));
  const complete = modules?.length === 0 || (modules !== undefined && loadModule !== undefined);
  const checked = checkFile(value, source, complete);
  const needed = unset.filter((problem) => isNeeded(problem, value, only));
  // of a file that cannot be read only that is told
  const found = source.readable ? checked.problems : [];
  const all = [...problems, ...needed, ...found];
  if (all.length > 0 || !checked.file) throw configInvalid(path, all);
  return resolveFile(value, withVersion(checked.file, source), places);
}

/** Its version as it is written: 1.0 stands for itself, not for 1. */
function withVersion(file: PipelineFile, source: SourceDocument): PipelineFile {
  const { version } = file.pipeline;
  if (typeof version !== "number") return file;
  const written = source.sourceAt(["pipeline", "version"]) ?? version;
  return { ...file, pipeline: { ...file.pipeline, version: written } };
}

/** Paths of user modules as they stand in the file; undefined when that section has mistakes. */
function modulesOf(value: unknown, unset: readonly Problem[]): string[] | undefined {
  if (value === undefined || unset.some(({ path }) => path[0] === "modules")) return undefined;
  return PipelineFile.shape.modules.safeParse(valueAt(value, ["modules"])).data;
}

/** Settings for one input with the defaults: one account `default`, written straight into `output`. */
export function settingsFor(request: {
  readonly input: string;
  readonly output: string;
  readonly cwd: string;
}): Settings {
  const { input, output, cwd } = request;
  const path = resolve(cwd, input);
  const name = nameOfPath(path);
  return Settings.parse({
    pipeline: { name, version: "1" },
    configPath: null,
    configFolder: resolve(cwd),
    checkpointsFolder: defaultCheckpoints(cwd),
    modules: [],
    workflows: [PREPARE_WORKFLOW],
    workflow: PREPARE_WORKFLOW.name,
    limits: { global: null, accounts: {}, kinds: {}, named: {} },
    retention: retentionOf({}),
    accounts: [
      {
        id: "default",
        inputs: [{ name, paths: [path], read: {} }],
        vars: {},
        outputFolder: resolve(cwd, output),
        flat: true,
        ...mergedSections([]),
        output: OutputOptions.parse({}),
      },
    ],
  });
}

async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WranglerError("CONFIG_MISSING", reason, { path }, { cause });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const reason = `${path}: expected text in UTF-8, got other bytes.`;
    throw new WranglerError("CONFIG_INVALID", reason, { path }, { cause });
  }
}

function valueOf(source: SourceDocument): { value: unknown; problems: Problem[] } {
  const { problems } = source;
  if (!source.readable) return { value: undefined, problems };
  try {
    return { value: source.toValue(), problems };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { value: undefined, problems: [...problems, source.problem([], text)] };
  }
}

/** Whether a problem stands in a part that the wanted accounts use. */
function isNeeded({ path }: Problem, value: unknown, only: readonly string[] | undefined): boolean {
  const [section, position] = path;
  if (only === undefined || section !== "accounts" || typeof position !== "number") return true;
  return only.includes(String(valueAt(value, ["accounts", position, "id"])));
}
