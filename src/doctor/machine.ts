/** Whether the machine has what runs need: disk, memory, a Node.js that is new enough. */
import { stat, statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import type { Settings } from "../config/index.ts";
import type { HealthCheck } from "../orchestration/index.ts";
import { failing, ok, warning } from "./findings.ts";
import { sizeText } from "./size-text.ts";
import { nearestFolder } from "./writing.ts";

/** Without a configuration that says otherwise. */
const DISK_FREE_BYTES = 1e9;
/** Files that must still find room. */
const LEAST_INODES = 10_000;
/** What an engine's process needs besides its buffers. */
const ENGINE_BYTES = 0.7e9;
/** As package.json has it. */
export const LEAST_NODE = "20.19";

/** One check for each disk that one of the folders is on. */
export async function diskChecks(
  folders: readonly string[],
  leastBytes = DISK_FREE_BYTES,
): Promise<HealthCheck[]> {
  const disks = new Map<number, string>();
  for (const folder of folders) {
    const place = await nearestFolder(folder);
    const { dev } = await stat(place);
    if (!disks.has(dev)) disks.set(dev, place);
  }
  return Promise.all([...disks.values()].map((place) => diskCheck(place, leastBytes)));
}

async function diskCheck(folder: string, leastBytes: number): Promise<HealthCheck> {
  const { bsize, bavail, files, ffree } = await statfs(folder);
  const free = bsize * bavail;
  const text = `${sizeText(free)} free at ${folder}`;
  // some file systems have no fixed number of files
  if (files > 0 && ffree < LEAST_INODES) {
    return failing("disk", `room for ${ffree} more files at ${folder}`, REMOVE);
  }
  if (free < leastBytes) return failing("disk", `${text}, less than ${sizeText(leastBytes)}`, ROOM);
  return free < 2 * leastBytes ? warning("disk", text, ROOM) : ok("disk", text);
}

const ROOM =
  "Make room: data-wrangler prune forgets old runs. `service.checks.diskFree` says how much is to be left.";
const REMOVE = "Remove small files that are not needed any more.";

/** Against what the largest engine of an account may take. */
export function memoryCheck(
  settings: Settings | undefined,
  availableBytes = process.availableMemory(),
): HealthCheck {
  const text = `${sizeText(availableBytes)} of ${sizeText(totalmem())} available`;
  const limits = (settings?.accounts ?? []).map(({ engine }) => bytesOfLimit(engine.memoryLimit));
  const needed = Math.max(0, ...limits) + ENGINE_BYTES;
  if (availableBytes >= needed) return ok("memory", text);
  return warning(
    "memory",
    `${text}, but an account's engine may take ${sizeText(needed)}`,
    "Lower `engine.memoryLimit`, or give the machine more memory.",
  );
}

const UNITS: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** Of a checked limit such as `1.5 GB`. */
function bytesOfLimit(limit: string): number {
  return Number.parseFloat(limit) * (UNITS[limit.slice(-2).toUpperCase()] ?? 1);
}

export function nodeCheck(version = process.versions.node): HealthCheck {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE.split(".").map(Number);
  const isEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  if (isEnough) return ok("Node.js", version);
  return failing("Node.js", `${version}, expected ${LEAST_NODE} or later`, "Install a later one.");
}
