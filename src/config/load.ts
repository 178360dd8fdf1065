/** Reads a configuration, or makes one for a single input. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { didYouMean, WranglerError } from "../core/index.ts";
import { checkFile } from "./check.ts";
import { SourceDocument } from "./document.ts";
import { type Environment, environmentSubstitute } from "./environment.ts";
import { PipelineFile } from "./file.ts";
import { nameOfPath } from "./names.ts";
import { configInvalid, type Problem } from "./problems.ts";
import { defaultCheckpoints, mergedSections, resolveFile } from "./resolve.ts";
import { OutputOptions, Settings } from "./settings.ts";
import { valueAt } from "./value-at.ts";

export interface LoadOptions {
  /** Where `${NAME}` is looked up. */
  readonly env: Environment;
  /** Ids of the accounts wanted; all when left out. The environment of the others is not needed. */
  readonly only?: readonly string[];
  /** Folder that the command was given in; the process's own when left out. */
  readonly cwd?: string;
}

/**
 * Settings from a configuration file. Glob patterns stay as they are, made absolute.
 *
 * @throws {WranglerError} CONFIG_MISSING when it cannot be read, CONFIG_INVALID with every problem in
 *   it, ACCOUNT_UNKNOWN when an id of `only` is not there.
 */
export async function loadSettings(path: string, options: LoadOptions): Promise<Settings> {
  const { env, only, cwd = process.cwd() } = options;
  const configPath = resolve(cwd, path);
  const source = new SourceDocument(await readText(configPath));
  const unset = source.substitute(environmentSubstitute(env));
  const { value, problems } = valueOf(source);
  const found = source.readable ? checkFile(value, source) : [];
  const needed = unset.filter((problem) => isNeeded(problem, value, only));
  const all = [...problems, ...needed, ...found];
  if (all.length > 0) throw configInvalid(path, all);
  const file = PipelineFile.parse(value);
  const { version } = file.pipeline;
  // 1.0 stands for itself, not for 1
  if (typeof version === "number") {
    file.pipeline.version = source.sourceAt(["pipeline", "version"]) ?? version;
  }
  const places = { configPath, folder: dirname(configPath), cwd };
  const settings = Settings.parse(resolveFile(value, file, places));
  return only === undefined ? settings : selectAccounts(settings, only);
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
    checkpointsFolder: defaultCheckpoints(cwd),
    modules: [],
    accounts: [
      {
        id: "default",
        inputs: [{ name, paths: [path], read: {} }],
        outputFolder: resolve(cwd, output),
        flat: true,
        ...mergedSections([]),
        output: OutputOptions.parse({}),
      },
    ],
  });
}

/**
 * The settings with only these accounts, in the file's order.
 *
 * @throws {WranglerError} ACCOUNT_UNKNOWN, naming the known ones.
 */
export function selectAccounts(settings: Settings, ids: readonly string[]): Settings {
  const known = settings.accounts.map(({ id }) => id);
  const unknown = [...new Set(ids)].filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    const asked = unknown.map(
      (id) => `Expected a known account, got "${id}".${didYouMean(id, known)}`,
    );
    const reason = [...asked, `Known: ${known.join(", ")}.`].join(" ");
    throw new WranglerError("ACCOUNT_UNKNOWN", reason, { unknown, known });
  }
  return { ...settings, accounts: settings.accounts.filter(({ id }) => ids.includes(id)) };
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
