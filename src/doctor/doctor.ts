import { dirname, resolve } from "node:path";
import type { LoadOptions, Settings } from "../config/index.ts";
import type { DoctorReport, HealthCheck } from "../orchestration/index.ts";
import { commandChecks } from "./commands.ts";
import { configurationChecks } from "./configuration.ts";
import { orFailed } from "./findings.ts";
import { hostChecks, hostsOf } from "./hosts.ts";
import { type ExpandPaths, inputChecks } from "./inputs.ts";
import { diskChecks, memoryCheck, nodeCheck } from "./machine.ts";
import { mailServerChecks } from "./mail-servers.ts";
import { scheduleChecks } from "./schedules.ts";
import { secretChecks } from "./secrets.ts";
import { storeCheck } from "./store.ts";
import { clockCheck, zoneCheck } from "./times.ts";
import { writingCheck } from "./writing.ts";

export interface DoctorOrder {
  /** Without one only the machine and the store are looked at. */
  readonly configPath: string | undefined;
  /** Ask hosts outside as well. */
  readonly network?: boolean;
  /** Aborts what waits for servers. */
  readonly signal?: AbortSignal;
  readonly cwd: string;
  /** Where secrets, the store's key and programs are looked for. */
  readonly env: NodeJS.ProcessEnv;
  /** Over that of the configuration. */
  readonly checkpointsFolder?: string;
  readonly loadModule: NonNullable<LoadOptions["loadModule"]>;
  readonly expandPaths: ExpandPaths;
}

/**
 * Look whether all is there that runs need: nothing is run, no mail is sent, nothing stays written.
 * Whatever cannot be looked at is a failing check.
 */
export async function doctor(order: DoctorOrder): Promise<DoctorReport> {
  const { configPath, cwd, env, loadModule } = order;
  const { settings, checks } = await configurationChecks(configPath, { env, cwd, loadModule });
  const folder = resolve(
    cwd,
    order.checkpointsFolder ?? settings?.checkpointsFolder ?? "checkpoints",
  );
  const groups = await Promise.all([
    settings ? configuredChecks(settings, order) : [],
    machineChecks(settings, folder, order),
  ]);
  return {
    configPath: configPath === undefined ? null : resolve(cwd, configPath),
    checks: [...checks, ...groups.flat()],
  };
}

async function configuredChecks(settings: Settings, order: DoctorOrder): Promise<HealthCheck[]> {
  const { env, expandPaths } = order;
  const groups = await Promise.all([
    orFailed("schedules", () => scheduleChecks(settings, new Date())),
    orFailed("secrets", () => secretChecks(settings, env)),
    orFailed("inputs", () => inputChecks(settings, expandPaths)),
    orFailed("commands", () => commandChecks(settings, env)),
    orFailed("mail server", () => mailServerChecks(settings, env, signalOf(order))),
    orFailed("hosts", () => (order.network === true ? hostChecks(hostsOf(settings, env)) : [])),
  ]);
  return groups.flat();
}

async function machineChecks(
  settings: Settings | undefined,
  folder: string,
  order: DoctorOrder,
): Promise<HealthCheck[]> {
  const folders = [folder, ...foldersOf(settings)];
  const leastBytes = settings?.service.checks.diskFreeBytes;
  const origin = settings && order.network === true ? originOf(settings, order.env) : null;
  const groups = await Promise.all([
    orFailed("store", () => [storeCheck(folder, order.env)]),
    orFailed("folders", async () => [await writingCheck(folders)]),
    orFailed("time zone", () => [zoneCheck(settings, new Date())]),
    orFailed("clock", async () => [await clockCheck(folder, origin, signalOf(order))]),
    orFailed("disk", () => diskChecks(folders, leastBytes)),
    orFailed("memory", () => [memoryCheck(settings)]),
    orFailed("Node.js", () => [nodeCheck()]),
  ]);
  return groups.flat();
}

/** Folders that runs write to, besides that of checkpoints. */
function foldersOf(settings: Settings | undefined): string[] {
  if (!settings) return [];
  const { accounts, service } = settings;
  const outputs = accounts.map(({ outputFolder }) => outputFolder);
  return service.log.file === null ? outputs : [...outputs, dirname(service.log.file)];
}

/** Some host that answers HTTP. */
function originOf(settings: Settings, env: NodeJS.ProcessEnv): string | null {
  return hostsOf(settings, env).find(({ origin }) => origin !== null)?.origin ?? null;
}

function signalOf({ signal }: DoctorOrder): AbortSignal {
  return signal ?? new AbortController().signal;
}
