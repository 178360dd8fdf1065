/** Reads a configuration, or makes one for a single input. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { exists, isWranglerError, WranglerError } from "../core/index.ts";
import type { CheckResult } from "../orchestration/index.ts";
import { missingFiles } from "./check-files.ts";
import { checkFile } from "./check.ts";
import { SourceDocument } from "./document.ts";
import { type Environment, environmentSubstitute } from "./environment.ts";
import { PipelineFile } from "./file.ts";
import { type Holidays, readHolidays } from "./holidays.ts";
import { nameOfPath } from "./names.ts";
import { configInvalid, type Problem } from "./problems.ts";
import { machineTimeZone } from "./resolve-schedule.ts";
import { PREPARE_WORKFLOW } from "./resolve-workflow.ts";
import {
  defaultCheckpoints,
  mergedSections,
  type Places,
  resolveFile,
  retentionOf,
} from "./resolve.ts";
import { selectAccounts, selectWorkflow } from "./select.ts";
import { resolveService, ServiceEntry } from "./service-entry.ts";
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
   * Loads a user module by its absolute path; what it throws is told as a problem of the file.
   * Without it, kinds of task that modules may define are not checked.
   */
  readonly loadModule?: (path: string) => Promise<void>;
}

/**
 * Settings from a configuration file. Glob patterns stay as they are, made absolute.
 *
 * @throws {WranglerError} CONFIG_MISSING when it cannot be read, CONFIG_INVALID with every problem in
 *   it, ACCOUNT_UNKNOWN when an id of `only` is not there, WORKFLOW_UNKNOWN when it is not clear which
 *   workflow is meant.
 */
export async function loadSettings(path: string, options: LoadOptions): Promise<Settings> {
  const { only, workflow } = options;
  const { value, file, places, holidays } = await readChecked(path, options);
  const read = resolveFile(value, file, places, holidays);
  const names = read.workflows.map(({ name }) => name);
  // without a choice to make the first stands for all
  const chosen = workflow === null ? (names[0] ?? "") : selectWorkflow(names, workflow);
  const settings: Settings = { ...read, workflow: chosen };
  return only === undefined ? settings : selectAccounts(settings, only);
}

/**
 * Check a configuration file without choosing from it.
 *
 * @throws {WranglerError} As {@link loadSettings} does, but for WORKFLOW_UNKNOWN.
 */
export async function checkConfig(
  path: string,
  options: Omit<LoadOptions, "workflow" | "only">,
): Promise<CheckResult> {
  const { value, file, places } = await readChecked(path, options);
  const { workflows = {}, ...others } = file;
  // definitions of very many tasks take long to make, and nothing can fail in them any more
  const { accounts, workflows: byDefault } = resolveFile(value, others, places);
  const written = Object.entries(workflows).map(([name, { tasks }]) => ({
    name,
    tasks: Object.keys(tasks).length,
    dependencies: Object.values(tasks).reduce(
      (sum, { dependsOn = [] }) => sum + [dependsOn].flat().length,
      0,
    ),
  }));
  return {
    configPath: places.configPath,
    accounts: accounts.map(({ id }) => id),
    workflows:
      written.length > 0
        ? written
        : byDefault.map(({ name, tasks }) => ({ name, tasks: tasks.length, dependencies: 0 })),
  };
}

/** A file in which nothing is wrong. */
interface Checked {
  /** As it stands. */
  readonly value: unknown;
  readonly file: PipelineFile;
  readonly places: Places;
  readonly holidays: Holidays;
}

async function readChecked(
  path: string,
  { env, only, cwd = process.cwd(), loadModule }: LoadOptions,
): Promise<Checked> {
  const configPath = resolve(cwd, path);
  const places: Places = { configPath, folder: dirname(configPath), cwd };
  const source = new SourceDocument(await readText(configPath));
  const unset = source.substitute(environmentSubstitute(env));
  const { value, problems } = valueOf(source);
  const modules = modulesOf(value, unset);
  const unloaded = loadModule ? await load(modules ?? [], { source, places, loadModule }) : [];
  const isLoaded = modules !== undefined && loadModule !== undefined && unloaded.length === 0;
  const { holidays, problems: strange } = await readHolidays(value, source, places.folder);
  const complete = modules?.length === 0 || isLoaded;
  const checked = checkFile(value, source, complete, { holidays, folder: places.folder });
  const needed = unset.filter((problem) => isNeeded(problem, value, only));
  // of a file that cannot be read only that is told
  const found = source.readable
    ? [...checked.problems, ...(await missingFiles(checked.workflows, source, places.folder))]
    : [];
  const all = [...problems, ...needed, ...unloaded, ...strange, ...found];
  if (all.length > 0 || !checked.file) throw configInvalid(path, all);
  return { value, file: withVersion(checked.file, source), places, holidays };
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

/** Load user modules one after the other; each that fails is a problem where it is named. */
async function load(
  modules: readonly string[],
  { source, places, loadModule }: Loading,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [i, module] of modules.entries()) {
    const file = resolve(places.folder, module);
    try {
      await loadModule(file);
    } catch (error) {
      const why = (await exists(file)) ? sentenceOf(error) : "there is no such file";
      problems.push(source.problem(["modules", i], `${file} cannot be loaded: ${why}`));
    }
  }
  return problems;
}

interface Loading {
  readonly source: SourceDocument;
  readonly places: Places;
  readonly loadModule: NonNullable<LoadOptions["loadModule"]>;
}

/** What went wrong within a module rather than that it could not be loaded. */
function sentenceOf(error: unknown): string {
  const inner = isWranglerError(error) ? (error.cause ?? error) : error;
  return inner instanceof Error ? inner.message : String(inner);
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
    timeZone: machineTimeZone(),
    schedules: [],
    service: resolveService(ServiceEntry.parse({}), cwd),
    retention: retentionOf({}),
    accounts: [
      {
        id: "default",
        inputs: [{ name, paths: [path], read: {} }],
        vars: {},
        secrets: {},
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
