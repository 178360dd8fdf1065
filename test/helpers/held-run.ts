/** Runs that stand still at a task until the test lets them go on. */
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exists } from "../../src/core/index.ts";
import { type CliProcess, startCli } from "./cli.ts";

/** Tells that it began, waits until the file `go` is there, heeds its signal. */
const HOLD = `
import { access, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
export default async function ({ configFolder, task, signal }) {
  await writeFile(configFolder + "/" + task + ".started", "");
  for (;;) {
    try {
      await access(configFolder + "/go");
      return { pid: process.pid };
    } catch {
      await sleep(20, undefined, { signal });
    }
  }
}
`;

/** Adds a line to \`lines\`; takes its time first, whatever its signal says. */
const LINE = `
import { appendFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
export default async function ({ options, configFolder, task }) {
  await sleep(options.ms ?? 0);
  await appendFile(configFolder + "/lines", task + "\\n");
  return { pid: process.pid };
}
`;

export const hold = "kind: module, path: hold.mjs";
export const line = (ms = 0): string => `kind: module, path: line.mjs, with: { ms: ${ms} }`;

/** Looks again and again, for what other processes do to files. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

export interface HeldRun extends CliProcess {
  readonly runId: string;
  readonly checkpoints: string;
  /** Let tasks that hold go on. */
  go(): Promise<void>;
}

/**
 * Start a run of these tasks in a folder, and wait until one of them has told that it began.
 *
 * @param tasks YAML, a line a task, of the account `acme`.
 */
export async function startHeld(
  folder: string,
  tasks: readonly string[],
  started: string,
): Promise<HeldRun> {
  await writeFile(join(folder, "hold.mjs"), HOLD);
  await writeFile(join(folder, "line.mjs"), LINE);
  const indented = tasks.map((task) => `      ${task}\n`).join("");
  const yaml = `pipeline: { name: held }\nworkflows:\n  default:\n    tasks:\n${indented}accounts: [{ id: acme }]\n`;
  await writeFile(join(folder, "pipeline.yaml"), yaml);
  const run = startCli(["run", "--config", "pipeline.yaml", "--checkpoints", "cp"], folder);
  const failed = run.end.then(({ said }) => {
    throw new Error(`it ended before ${started} began: ${said}`);
  });
  await Promise.race([until(() => exists(join(folder, `${started}.started`))), failed]);
  failed.catch(() => undefined);
  const checkpoints = join(folder, "cp");
  const [runId = ""] = await readdir(join(checkpoints, "runs"));
  return { ...run, runId, checkpoints, go: () => writeFile(join(folder, "go"), "") };
}

/** A command about a run of {@link startHeld}. */
export function about(command: string, runId: string, ...rest: readonly string[]): string[] {
  return [command, runId, "--checkpoints", "cp", ...rest];
}
