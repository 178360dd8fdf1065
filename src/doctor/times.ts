/** Whether zone and clock can be relied on. */
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Settings } from "../config/index.ts";
import type { HealthCheck } from "../orchestration/index.ts";
import { isTimeZone } from "../schedule/index.ts";
import { failing, messageOf, ok, warning } from "./findings.ts";
import { nearestFolder, writeProbe } from "./writing.ts";

/** A clock that is off by more is told. */
const MAX_SKEW_MS = 5_000;
/** For an answer from outside. */
const PATIENCE_MS = 10_000;

/** The zone of the configuration, and the time there. */
export function zoneCheck(settings: Settings | undefined, now: Date): HealthCheck {
  const machine = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = settings?.timeZone ?? machine;
  if (!isTimeZone(zone)) {
    return failing(
      "time zone",
      `"${zone}" is not known on this machine.`,
      "Set `timeZone` in the configuration to an IANA name such as Europe/Berlin.",
    );
  }
  const whose = zone === machine ? "the machine's" : `the machine's own is ${machine}`;
  return ok("time zone", `${zone} (${whose}), where it is ${timeThere(now, zone)}`);
}

/** `2026-03-01 09:30`. */
export function timeThere(at: Date, timeZone: string): string {
  const options = { timeZone, dateStyle: "short", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat("sv-SE", options).format(at);
}

/** Against the tool's own files, the file system of a folder and, if given, a host outside. */
export async function clockCheck(
  folder: string,
  origin: string | null,
  signal: AbortSignal,
): Promise<HealthCheck> {
  const installed = (await stat(fileURLToPath(import.meta.url))).mtimeMs;
  if (Date.now() < installed - MAX_SKEW_MS) {
    const text = `The clock shows ${iso(Date.now())}, but this tool is from ${iso(installed)}.`;
    return failing("clock", text, SET_IT);
  }
  const others = [
    await skewOfDisk(folder),
    ...(origin === null ? [] : [await skewOfHost(origin, signal)]),
  ];
  const off = others.find(({ skewMs }) => skewMs !== null && Math.abs(skewMs) > MAX_SKEW_MS);
  if (off) {
    const seconds = Math.round(Math.abs(off.skewMs ?? 0) / 1_000);
    return warning("clock", `It is ${seconds} s off that of ${off.of}.`, SET_IT);
  }
  return ok("clock", others.map(({ of, skewMs }) => said(of, skewMs)).join(", "));
}

const SET_IT = "Have the machine set its clock by the network (NTP).";

interface Skew {
  readonly of: string;
  /** Null when it could not be asked. */
  readonly skewMs: number | null;
}

function said(of: string, skewMs: number | null): string {
  return skewMs === null ? `${of} does not tell its time` : `agrees with ${of}`;
}

async function skewOfDisk(folder: string): Promise<Skew> {
  const of = "the file system";
  try {
    const writtenMs = await writeProbe(await nearestFolder(folder));
    return { of, skewMs: writtenMs - Date.now() };
  } catch {
    // that it cannot be written is told by the check of folders
    return { of, skewMs: null };
  }
}

/** By the header that every HTTP answer has; a second is its smallest unit. */
async function skewOfHost(origin: string, signal: AbortSignal): Promise<Skew> {
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const answer = await fetch(origin, { method: "HEAD", redirect: "manual", signal: patience });
    const told = Date.parse(answer.headers.get("date") ?? "");
    return { of: origin, skewMs: Number.isNaN(told) ? null : told - Date.now() };
  } catch (error) {
    return { of: `${origin} (${messageOf(error)})`, skewMs: null };
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
