/**
 * The composition root: puts engine, stores and graphs together. The only importer of `graphs/`.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { type GraphDeps, runnableMaster, STAGE_FILE, stageChain } from "../graphs/index.ts";
import { checkConfig, settingsFor } from "./config/index.ts";
import { type Clock, silentLog, systemClock, WranglerError } from "./core/index.ts";
import { type DaemonCommands, daemonCommands, type Workshop } from "./daemon/index.ts";
import { doctor } from "./doctor/index.ts";
import { expandPaths } from "./engine/index.ts";
import {
  type App,
  type GraphFormat,
  type Limiter,
  limiter,
  pacer,
  type RunHooks,
  type RunResult,
  whileBusy,
} from "./orchestration/index.ts";
import { drawWorkflow } from "./reports/index.ts";
import {
  type ActiveRun,
  engines,
  type HandOver,
  handOver,
  hosted,
  planOf,
  replayRecipe,
  type Runner,
  type RunnerDeps,
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
import { selectionOf, settingsFrom } from "./requested-settings.ts";
import { loadModule, loadModules } from "./user-modules.ts";
import { toolVersion } from "./version.ts";

export interface AppOptions {
  /** Folder of checkpoints, logs and working files; else what the configuration says, else `checkpoints`. */
  readonly checkpointsFolder?: string;
  /** Level of the run's log file: `info` by default; cell values appear only at `debug`. */
  readonly logLevel?: "debug" | "info" | "warn" | "error";
  /** Folder that relative paths start from; the process's own by default. */
  readonly cwd?: string;
  /** What time it is; a simulated one rehearses schedules. The machine's own by default. */
  readonly clock?: Clock;
}

/** What there is of one folder of checkpoints. */
interface Opened extends Pick<Workshop, "settingsOf"> {
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
  const clock = options.clock ?? systemClock;
  const restart = handOver(clock);
  const deps = graphDeps({ pool, active, clock, restart });
  const ofProcess = { active, clock, handOver: restart, limiter: processLimits() };
  const checkpoints = folders({ ...options, cwd }, deps, ofProcess);
  const open = (configured?: string) => checkpoints.open(configured);
  const host = ({ runs }: Opened, hooks: RunHooks | undefined, work: () => Promise<RunResult>) =>
    hosted({ handOver: restart, resume: (id, more) => runs.resume(id, more) }, hooks, work);
  const stages = stageCommands(deps, pool, active, cwd);
  const { triggered, ...daemon } = daemonOf({ ...options, ...ofProcess, checkpoints, cwd });

  return {
    ...daemon,
    async trigger(name, configPath, hooks) {
      const { settings, select } = await triggered(name, configPath);
      const opened = open(settings.checkpointsFolder);
      return host(opened, hooks, () => opened.runs.start(settings, select, hooks));
    },
    async run(request, hooks) {
      const settings = await whileBusy(clock, () => settingsFrom(request, cwd));
      const opened = open(settings.checkpointsFolder);
      const start = () => opened.runs.start(settings, selectionOf(request), hooks);
      return host(opened, hooks, start);
    },
    async plan(request) {
      const settings = await settingsFrom(request, cwd);
      return planOf(open(settings.checkpointsFolder).store, settings, selectionOf(request));
    },
    check: (path) => checkConfig(path, { env: process.env, cwd, loadModule }),
    graph: (configPath, format, workflow) => drawing({ configPath, format, workflow, cwd }),
    resume: async (id, hooks) => host(open(), hooks, () => open().runs.resume(id, hooks)),
    retry: async (id, task, hooks) => host(open(), hooks, () => open().runs.retry(id, task, hooks)),
    fork: async (id, from, hooks) => host(open(), hooks, () => open().runs.fork(id, from, hooks)),
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
    doctor: (configPath, asked) =>
      doctor({ ...options, ...asked, configPath, cwd, env: process.env, loadModule, expandPaths }),
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
  ofProcess: OfProcess,
) {
  const opened = new Map<string, Opened>();
  const tool = deps.toolVersion;
  const shared = { ...ofProcess, pace: pacer(), tool, logLevel };

  const openFolder = (folder: string): Opened => {
    const key = storeKeyFrom(process.env);
    const { clock } = ofProcess;
    const store = openStore(folder, { ...(key ? { key } : {}), now: () => clock.now() });
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
    const steer = steering(store, clock, (run) => runs.end(run));
    const settingsOf = (runId: string) => settings.read(join(folder, "runs", runId));
    return { store, runs, views: runViews(store), steer, settingsOf };
  };

  /** What the options name, else what a configuration says, else `checkpoints`. */
  const folderOf = (configured = "checkpoints") => resolve(cwd, checkpointsFolder ?? configured);
  return {
    folderOf,
    open(configured?: string): Opened {
      const folder = folderOf(configured);
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

/** Schedules, and their service. */
function daemonOf({
  checkpoints,
  cwd,
  logLevel = "info",
  active,
  ...ofProcess
}: OfProcess &
  AppOptions & {
    readonly checkpoints: ReturnType<typeof folders>;
    readonly cwd: string;
  }): DaemonCommands {
  return daemonCommands({
    ...ofProcess,
    logLevel,
    tool: toolVersion(),
    env: process.env,
    folderOf: checkpoints.folderOf,
    open(configured) {
      const { steer, ...opened } = checkpoints.open(configured);
      return { ...opened, cancel: (runId) => steer.cancel(runId) };
    },
    load: (configPath) => whileBusy(ofProcess.clock, () => settingsFrom({ configPath }, cwd, null)),
    settingsOf: (runId) => active.get(runId)?.settings,
  });
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

function graphDeps({ pool, active, clock, restart }: ProcessParts): GraphDeps {
  const runOf = (runId: string): ActiveRun => {
    const run = active.get(runId);
    if (!run) throw new WranglerError("INTERNAL", `Run ${runId} is not executed here.`);
    return run;
  };
  return {
    toolVersion: toolVersion(),
    clock,
    handOver: (run, order) => restart.request(order, runOf(run.runId).checkpointsFolder),
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

/** What holds for all runs of the process, whatever their configurations say. */
function processLimits(): Limiter {
  return limiter({ heavy: Math.max(1, availableParallelism()) });
}

/** What runs of all folders of checkpoints share. */
type OfProcess = Pick<RunnerDeps, "active" | "clock" | "handOver" | "limiter">;

/** What all runs of the process share. */
interface ProcessParts {
  readonly pool: ReturnType<typeof engines>;
  readonly active: Map<string, ActiveRun>;
  readonly clock: Clock;
  readonly restart: HandOver;
}
