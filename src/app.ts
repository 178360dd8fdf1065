/**
 * The composition root: puts engine, stores and graphs together. The only importer of `graphs/`.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type GraphDeps, runnableMaster, STAGE_FILE, stageChain } from "../graphs/index.ts";
import { loadSettings, Settings, settingsFor } from "./config/index.ts";
import { readJson, silentLog, WranglerError } from "./core/index.ts";
import type { App, RunRequest } from "./orchestration/index.ts";
import {
  engines,
  replayRecipe,
  type Runner,
  runner,
  type RunRecorder,
  singleStages,
  slots,
  undoChanges,
} from "./service/index.ts";
import { lockFolder, openStore, type Store } from "./stores/index.ts";
import { toolVersion } from "./version.ts";

export interface AppOptions {
  /** Folder of checkpoints, logs and working files; else what the configuration says, else `checkpoints`. */
  readonly checkpointsFolder?: string;
  /** Level of the run's log file: `info` by default; cell values appear only at `debug`. */
  readonly logLevel?: "debug" | "info" | "warn" | "error";
  /** Folder that relative paths start from; the process's own by default. */
  readonly cwd?: string;
}

/** Make the tool. It opens its store on first use; `close` ends its engines and closes the store. */
export function createApp(options: AppOptions = {}): App {
  const cwd = options.cwd ?? process.cwd();
  const pool = engines();
  const recorders = new Map<string, RunRecorder>();
  const opened = new Map<string, { store: Store; runs: Runner }>();
  const deps = graphDeps(pool, recorders);

  const runnerIn = (fallback: string): Runner => {
    const folder = resolve(cwd, options.checkpointsFolder ?? fallback);
    const known = opened.get(folder);
    if (known) return known.runs;
    const store = openStore(folder);
    const runs = runner({
      store,
      folder,
      recorders,
      graph: runnableMaster(deps, store.checkpointer),
      logLevel: options.logLevel ?? "info",
      readSettings: (path) => settingsWithModules(path),
    });
    opened.set(folder, { store, runs });
    return runs;
  };

  const stages = singleStages({
    chain: stageChain(deps),
    stageFile: STAGE_FILE,
    recorders,
    closeEngine: (runId, account) => pool.close(runId, account),
    log: silentLog,
    settingsOf: (input, { configPath, account }) =>
      configPath === undefined
        ? Promise.resolve(settingsFor({ input, output: join(cwd, "out"), cwd }))
        : settingsFrom({ configPath, ...(account ? { accounts: [account] } : {}) }, cwd),
  });

  return {
    async run(request, hooks) {
      const settings = await settingsFrom(request, cwd);
      return runnerIn(settings.checkpointsFolder).start(settings, hooks);
    },
    resume: async (runId, hooks) => runnerIn("checkpoints").resume(runId, hooks),
    runs: async () => runnerIn("checkpoints").runs(),
    status: async (runId) => runnerIn("checkpoints").report(runId),
    stage: (request, hooks) => stages(request, hooks),
    apply: (request, hooks) => replayRecipe(request, deps.toolVersion, hooks?.signal),
    undo: (request, hooks) => undoChanges(request, hooks?.signal),
    async close() {
      await pool.closeAll();
      for (const { store } of opened.values()) store.close();
      opened.clear();
    },
  };
}

function graphDeps(
  pool: ReturnType<typeof engines>,
  recorders: Map<string, RunRecorder>,
): GraphDeps {
  const recorderOf = (runId: string) => {
    const recorder = recorders.get(runId);
    if (!recorder) throw new WranglerError("INTERNAL", `Run ${runId} is not executed here.`);
    return recorder;
  };
  return {
    toolVersion: toolVersion(),
    engineOf: (run, account) =>
      pool.of(run.runId, run.folder, account, (reason) =>
        recorderOf(run.runId).engineReplaced(account.id, reason),
      ),
    closeEngine: (runId, accountId) => pool.close(runId, accountId),
    recorderOf,
    lockFolder,
    accountSlot: slots(Math.max(1, availableParallelism())),
  };
}

async function settingsFrom(request: RunRequest, cwd: string): Promise<Settings> {
  if ("input" in request) return settingsFor({ ...request, cwd });
  const only = request.accounts ? { only: request.accounts } : {};
  const settings = await loadSettings(request.configPath, { env: process.env, cwd, ...only });
  await loadModules(settings);
  return settings;
}

async function settingsWithModules(path: string): Promise<Settings> {
  const settings = await readJson(path, Settings);
  await loadModules(settings);
  return settings;
}

/** Load what users bring; a module registers its generators, operations, metrics by being loaded. */
async function loadModules({ modules }: Settings): Promise<void> {
  for (const path of modules) {
    try {
      await import(pathToFileURL(path).href);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new WranglerError("MODULE_INVALID", `${path}: ${reason}`, { path }, { cause });
    }
  }
}
