/** Whether the hosts that downloads and notifications reach have addresses. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Settings } from "../config/index.ts";
import { isWranglerError, type Json } from "../core/index.ts";
import type { HealthCheck } from "../orchestration/index.ts";
import { addressGuard } from "../tasks/http/index.ts";
import { counted, type Flaw, messageOf, summed } from "./findings.ts";
import { knownValue, type Work, workOf } from "./work.ts";

/** A host that a task reaches. */
export interface Host {
  readonly place: string;
  readonly host: string;
  /** Where it answers HTTP; null when it does not. */
  readonly origin: string | null;
  readonly allowPrivate: readonly string[];
}

/** The hosts of all tasks, each once by task. */
export function hostsOf(settings: Settings, env: NodeJS.ProcessEnv): Host[] {
  const work = ["download", "notify"].flatMap((kind) => workOf(settings, kind));
  const hosts = work.flatMap((one) =>
    settings.accounts.flatMap((account) => {
      const known = (value: Json | undefined) => valueOrNothing(value, account, env);
      const { place, options } = one;
      const allowPrivate = textsOf(known(options["allowPrivate"]));
      return reachedBy(one, known).map(({ host, origin }) => ({
        place,
        host,
        origin,
        allowPrivate,
      }));
    }),
  );
  return [...new Map(hosts.map((host) => [JSON.stringify(host), host])).values()];
}

/** Each host is looked up, and its addresses held against those that tasks may reach. */
export async function hostChecks(hosts: readonly Host[]): Promise<HealthCheck[]> {
  if (hosts.length === 0) return [];
  const flaws = (await Promise.all(hosts.map(flawOf))).flatMap((flaw): Flaw[] =>
    flaw === undefined ? [] : [{ level: "failing", text: flaw }],
  );
  const names = new Set(hosts.map(({ host }) => host));
  const remedy =
    "Check the spelling and the machine's name service; private hosts that are meant to be reached stand under `allowPrivate`.";
  const well = `${counted(names.size, "host")} found: ${[...names].join(", ")}`;
  return [summed("hosts", flaws, { well, remedy })];
}

type Reached = Pick<Host, "host" | "origin">;

type Known = (value: Json | undefined) => Json | undefined;

function reachedBy({ kind, options }: Work, known: Known): Reached[] {
  if (kind === "notify") return ofUrl(known(options["url"]));
  const sources = [options["from"]].flat().filter((source) => source !== undefined);
  const all = [options, ...sources.map((source) => (isMap(source) ? source : { url: source }))];
  return all.flatMap(({ url, sftp, checksumUrl, auth }) => {
    const server = isMap(sftp) ? known(sftp["host"]) : undefined;
    const login = isMap(auth) && isMap(auth["login"]) ? known(auth["login"]["url"]) : undefined;
    return [known(url), known(checksumUrl), login]
      .flatMap(ofUrl)
      .concat(typeof server === "string" ? [{ host: server, origin: null }] : []);
  });
}

/** Parts of the run's time stand for something that may be anywhere but in the host. */
function ofUrl(value: Json | undefined): Reached[] {
  if (typeof value !== "string" || !/^https?:\/\//i.test(value)) return [];
  const text = value.replaceAll(/\{[^{}]*\}/g, "0");
  if (!URL.canParse(text)) return [];
  const { hostname, origin } = new URL(text);
  return [{ host: hostname.replaceAll(/[[\]]/g, ""), origin }];
}

async function flawOf({ place, host, allowPrivate }: Host): Promise<string | undefined> {
  try {
    const guard = addressGuard(allowPrivate);
    const found = isIP(host) === 0 ? await lookup(host, { all: true }) : [{ address: host }];
    for (const { address } of found) guard.check(host, address);
    return undefined;
  } catch (error) {
    return `${place}: ${messageOf(error)}`;
  }
}

/** A secret that is missing is told elsewhere. */
function valueOrNothing(...args: Parameters<typeof knownValue>): Json | undefined {
  try {
    return knownValue(...args);
  } catch (error) {
    if (isWranglerError(error) && error.code === "SECRET_MISSING") return undefined;
    throw error;
  }
}

function isMap(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textsOf(value: Json | undefined): string[] {
  return [value].flat().filter((one): one is string => typeof one === "string");
}
