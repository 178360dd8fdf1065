/** The machine that the service runs on: it is switched on, it goes down, it comes up again. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How long it takes to come up. */
const BOOT_MS = 60_000;
const MAX_STARTS = 100;

/**
 * Live through some time.
 *
 * @param {object} machine
 * @param {number} machine.fromMs
 * @param {number} machine.untilMs
 * @param {Record<string, string>} machine.env
 * @param {{ configPath: string, checkpointsFolder: string, pidFile: string }} machine.service
 * @param {(message: object, power: { cut(): void }) => void} machine.onMessage What the service told,
 *   and a way to cut the power.
 * @returns {Promise<{ starts: number, nowMs: number, status: number | null }>}
 */
export async function liveThrough({ fromMs, untilMs, env, service, onMessage }) {
  let nowMs = fromMs;
  let status = null;
  let starts = 0;
  while (nowMs < untilMs && starts < MAX_STARTS) {
    starts++;
    const order = JSON.stringify({ ...service, fromMs: nowMs, untilMs });
    const child = fork(fileURLToPath(new URL("service.js", import.meta.url)), [order], { env });
    const power = { cut: () => child.kill("SIGKILL") };
    onMessage({ atMs: nowMs, machine: starts === 1 ? "is switched on" : "is up again" }, power);
    let isDone = false;
    child.on("message", (message) => {
      nowMs = Math.max(nowMs, message.atMs);
      isDone ||= message.ended === "drained";
      onMessage(message, power);
    });
    status = await new Promise((resolve) => child.once("exit", resolve));
    if (isDone || (status !== null && status !== 0)) break;
    onMessage({ atMs: nowMs, machine: "goes down" }, power);
    nowMs += BOOT_MS;
  }
  return { starts, nowMs, status };
}
