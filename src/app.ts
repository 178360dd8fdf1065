/**
 * The composition root: puts engine, stores and graphs together. The only importer of `graphs/`.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type GraphDeps, runnableMaster, STAGE_FILE, stageChain } from "../graphs/index.ts";
import { checkConfig, loadSettings, type Settings, settingsFor } from "./config/index.ts";
import { silentLog, WranglerError } from "./core/index.ts";
import {
  type App,
  type GraphFormat,
  limiter,
  pacer,
  type RunRequest,
} from "./orchestration/index.ts";
import { drawWorkflow } from "./reports/index.ts";
import {
  type ActiveRun,
  engines,
  planOf,
  replayRecipe,
  type Runner,
  runner,
  runSettings,
  type RunViews,
  runViews,
  singleStages,
  type Steering,
  steering,
  undoChanges,
} from "./service/index.ts";
import { cipherOf, lockFolder, openStore, type Store, storeKeyFrom } from "./stores/index.ts";
import { toolVersion } from "./version.ts";

export interface AppOptions {
  /** Folder of checkpoints, logs and working files; else what the configuration says, else `checkpoints`. */
  readonly checkpointsFolder?: string;
  /** Level of the run's log file: `info` by default; cell values appear only at `debug`. */
  readonly logLevel?: "debug" | "info" | "warn" | "error";
  /** Folder that relative paths start from; the process's own by default. */
  readonly cwd?: string;
}

/** What there is of one folder of checkpoints. */
interface Opened {
  readonly store: Store;
  readonly runs: Runner;
  readonly views: RunViews;
  readonly steer: Steering;
}

/** Make the tool. It opens its store on first use; `close` ends its engines and closes the store. */
export function createApp(options: AppOptions = {}): App {
  const cwd = options.cwd ?? process.cwd();
  const pool = engines();
  const active = new Map<string, ActiveRun>();
  const deps = graphDeps(pool, active);
  const checkpoints = folders({ ...options, cwd }, deps, active);
  const open = (configured?: string) => checkpoints.open(configured);
  const stages = stageCommands(deps, pool, active, cwd);

  return {
    async run(request, hooks) {
      const settings = await settingsFrom(request, cwd);
      return open(settings.checkpointsFolder).runs.start(settings, selectionOf(request), hooks);
    },
    async plan(request) {
      const settings = await settingsFrom(request, cwd);
      return planOf(open(settings.checkpointsFolder).store, settings, selectionOf(request));
    },
    check: (path) => checkConfig(path, { env: process.env, cwd, loadModule }),
    graph: (configPath, format, workflow) => drawing({ configPath, format, workflow, cwd }),
    resume: async (runId, hooks) => open().runs.resume(runId, hooks),
    retry: async (runId, task, hooks) => open().runs.retry(runId, task, hooks),
    fork: async (runId, from, hooks) => open().runs.fork(runId, from, hooks),
    cancel: async (runId) => open().steer.cancel(runId),
    pause: async (runId) => open().steer.pause(runId),
    resolve: async (runId, task, as, account) => open().steer.resolve(runId, task, as, account),
    runs: async () => open().views.runs(),
    status: async (runId) => open().views.report(runId),
    history: async (runId) => open().views.history(runId),
    watch: (runId, signal) => open().views.watch(runId, signal),
    async prune(keep) {
      const { runIds, bytesFreed } = await open().store.prune(keep);
      return { runs: runIds, bytesFreed };
    },
    stage: (request, hooks) => stages(request, hooks),
    apply: (request, hooks) => replayRecipe(request, deps.toolVersion, hooks?.signal),
    undo: (request, hooks) => undoChanges(request, hooks?.signal),
    async close() {
      await pool.closeAll();
      checkpoints.closeAll();
    },
  };
}

/** The folders of checkpoints in use, each opened when it is first asked for. */
function folders(
  { checkpointsFolder, cwd, logLevel = "info" }: AppOptions & { readonly cwd: string },
  deps: GraphDeps,
  active: Map<string, ActiveRun>,
) {
  const opened = new Map<string, Opened>();
  const heavy = Math.max(1, availableParallelism());
  const tool = deps.toolVersion;
  const shared = { active, limiter: limiter({ heavy }), pace: pacer(), tool, logLevel };

  const openFolder = (folder: string): Opened => {
    const key = storeKeyFrom(process.env);
    const store = openStore(folder, key ? { key } : {});
    const graph = runnableMaster(deps, store.checkpointer);
    const settings = runSettings(key && cipherOf(key));
    const sealed = key !== undefined;
    const runs = runner({
      ...shared,
      sealed,
      store,
      folder,
      graph,
      runSettings: settings,
      loadModules,
    });
    return { store, runs, views: runViews(store), steer: steering(store, (run) => runs.end(run)) };
  };

  return {
    /** What the options name, else what a configuration says, else `checkpoints`. */
    open(configured = "checkpoints"): Opened {
      const folder = resolve(cwd, checkpointsFolder ?? configured);
      const known = opened.get(folder) ?? openFolder(folder);
      opened.set(folder, known);
      return known;
    },
    closeAll() {
      for (const { store } of opened.values()) store.close();
      opened.clear();
    },
  };
}

function stageCommands(
  deps: GraphDeps,
  pool: ReturnType<typeof engines>,
  active: Map<string, ActiveRun>,
  cwd: string,
) {
  return singleStages({
    chain: stageChain(deps),
    stageFile: STAGE_FILE,
    active,
    closeEngine: (runId, account) => pool.close(runId, account),
    log: silentLog,
    settingsOf: (input, { configPath, account }) =>
      configPath === undefined
        ? Promise.resolve(settingsFor({ input, output: join(cwd, "out"), cwd }))
        : settingsFrom({ configPath, ...(account ? { accounts: [account] } : {}) }, cwd, null),
  });
}

/** A workflow of a configuration, with those nested in it. */
async function drawing(asked: {
  readonly configPath: string;
  readonly format: GraphFormat;
  readonly workflow: string | undefined;
  readonly cwd: string;
}): Promise<string> {
  const { configPath, format, workflow, cwd } = asked;
  const named = workflow === undefined ? {} : { workflow };
  const settings = await settingsFrom({ configPath, ...named }, cwd);
  const byName = new Map(settings.workflows.map((one) => [one.name, one]));
  const drawn = byName.get(settings.workflow);
  if (!drawn) throw new WranglerError("WORKFLOW_UNKNOWN", `"${settings.workflow}".`);
  const nested = drawn.tasks.flatMap(({ id, kind, options }): [string, typeof drawn][] => {
    const inner = kind === "workflow" ? byName.get(textOf(options["workflow"])) : undefined;
    return inner ? [[id, inner]] : [];
  });
  return drawWorkflow(drawn, format, { nested: new Map(nested) });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function graphDeps(pool: ReturnType<typeof engines>, active: Map<string, ActiveRun>): GraphDeps {
  const runOf = (runId: string): ActiveRun => {
    const run = active.get(runId);
    if (!run) throw new WranglerError("INTERNAL", `Run ${runId} is not executed here.`);
    return run;
  };
  return {
    toolVersion: toolVersion(),
    async settingsOf(run) {
      const { settings, fingerprint } = runOf(run.runId);
      if (fingerprint === run.settings) return settings;
      throw new WranglerError("ARTIFACT_INVALID", `${run.folder}: its settings were changed.`);
    },
    engineOf: (run, account) =>
      pool.of(run.runId, run.folder, account, (reason) =>
        runOf(run.runId).recorder.engineReplaced(account.id, reason),
      ),
    closeEngine: (runId, accountId) => pool.close(runId, accountId),
    recorderOf: (runId) => runOf(runId).recorder,
    openAccount: (run, account) => runOf(run.runId).open(run, account),
    accountRun(runId, account) {
      const found = runOf(runId).accounts.get(account);
      if (found) return found;
      throw new WranglerError("INTERNAL", `Account ${account} of run ${runId} is not open.`);
    },
    lockFolder,
  };
}

function selectionOf(request: RunRequest) {
  return "select" in request ? request.select : undefined;
}

/** With `anyWorkflow` null it does not matter which one the request leaves open. */
async function settingsFrom(
  request: RunRequest,
  cwd: string,
  anyWorkflow?: null,
): Promise<Settings> {
  if ("input" in request) return settingsFor({ ...request, cwd });
  const { configPath, accounts, workflow = anyWorkflow } = request;
  return loadSettings(configPath, {
    env: process.env,
    cwd,
    loadModule,
    ...(accounts ? { only: accounts } : {}),
    ...(workflow === undefined ? {} : { workflow }),
  });
}

async function loadModules({ modules }: Settings): Promise<void> {
  for (const path of modules) await loadModule(path);
}

/** Load what users bring; a module registers its generators, operations, kinds … by being loaded. */
async function loadModule(path: string): Promise<void> {
  try {
    await import(pathToFileURL(path).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WranglerError("MODULE_INVALID", `${path}: ${reason}`, { path }, { cause });
  }
}
