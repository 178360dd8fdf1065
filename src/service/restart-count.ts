/** How often the machine or the service was restarted lately: what restarts it again and again is stopped. */
import { join } from "node:path";
import { z } from "zod";
import { exists, readJson, WranglerError, writeJson } from "../core/index.ts";

/** Below the folder of checkpoints: ISO 8601, UTC. */
const FILE = "restarts.json";
const DAY_MS = 86_400_000;

/**
 * Note one more restart, durably, before it is caused.
 *
 * @param folder Of checkpoints.
 * @throws {WranglerError} RESTART_FAILED when there were `maxPerDay` within 24 hours; nothing is noted.
 */
export async function countRestart(
  folder: string,
  maxPerDay: number,
  nowMs: number,
): Promise<void> {
  const path = join(folder, FILE);
  const all = (await exists(path)) ? await readJson(path, z.array(z.iso.datetime())) : [];
  // What seems to come is of a clock that was set back since: it counts.
  const recent = all.filter((at) => Date.parse(at) > nowMs - DAY_MS);
  if (recent.length >= maxPerDay) {
    const reason = `There were ${recent.length} within 24 hours, at ${recent.join(", ")}; maxPerDay lets ${maxPerDay}. Something restarts again and again.`;
    throw new WranglerError("RESTART_FAILED", reason, { maxPerDay });
  }
  await writeJson(path, [...recent, new Date(nowMs).toISOString()]);
}
