/**
 * A program and all that it started, and how they are ended.
 *
 * A tree is found by four marks, since a process can shed each of the first three: it descends from
 * the root, it is in the root's process group, it was seen in the tree before, and (Linux) it
 * carries the tree's mark in its environment, which a daemon that has left its parents behind still
 * has.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { type Log, WranglerError } from "../../core/index.ts";
import { birthOf, linuxFacts, type ProcessFacts } from "./process-birth.ts";

const execute = promisify(execFile);

/** Name of the environment variable that carries a tree's mark. */
export const TREE_MARK = "DATA_WRANGLER_TREE";

/** What names a tree also after the process that started it has gone. */
export interface ProcessTree {
  /** The program itself, the leader of its process group; null when it is not known to have started. */
  readonly pid: number | null;
  /** From {@link birthOf}; null when unknown, and then the number is not trusted. */
  readonly born: string | null;
  /** Value of {@link TREE_MARK} in its environment. */
  readonly mark: string;
}

/** Between two looks at processes that are about to end: at first, and at most. */
const LOOK_MS = 20;
const LONGEST_LOOK_MS = 200;

/** How long the system may take to do away with processes that were killed. */
const LAST_MS = 10_000;

/**
 * End a tree: SIGTERM to all of it, SIGKILL to what is left after `graceMs`. Resolves when none of
 * it lives.
 *
 * @throws {WranglerError} TASK_FAILED when something cannot be killed, such as a process that hangs
 *   in the kernel or belongs to another user
 */
export async function killTree(tree: ProcessTree, graceMs: number, log: Log): Promise<void> {
  if (process.platform === "win32") return killTreeOnWindows(tree, graceMs);
  const seen = new Map<number, string>();
  const told = new Set<number>();
  const startedMs = performance.now();
  for (let lookMs = LOOK_MS; ; lookMs = Math.min(lookMs * 1.5, LONGEST_LOOK_MS)) {
    const living = await membersOf(tree, seen);
    if (living.length === 0) return;
    const elapsedMs = performance.now() - startedMs;
    const pids = living.map(({ pid }) => pid);
    if (elapsedMs >= graceMs + LAST_MS) {
      const reason = `Processes that cannot be ended: ${pids.join(", ")}.`;
      throw new WranglerError("TASK_FAILED", reason, { pids: pids.map(String) });
    }
    const signal = elapsedMs >= graceMs ? "SIGKILL" : "SIGTERM";
    // Asked once; killed as often as it takes, since a tree may grow while it is felled.
    const due = signal === "SIGKILL" ? pids : pids.filter((pid) => !told.has(pid));
    if (due.length > 0) log.debug({ pids: due, signal }, "ending processes");
    for (const pid of due) {
      told.add(pid);
      send(pid, signal);
    }
    await pause(lookMs);
  }
}

/** Whether a tree's root or, on Linux, anything marked as of the tree, lives. */
export async function treeLives(tree: ProcessTree): Promise<boolean> {
  if (process.platform === "win32") return rootLives(tree);
  return (await membersOf(tree, new Map())).length > 0;
}

function send(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone already, or not ours to end; the latter is told when time is up.
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code !== "ESRCH" && error.code !== "EPERM") throw error;
  }
}

/** Living members of a tree; `seen` remembers those that may lose their parents meanwhile. */
async function membersOf(tree: ProcessTree, seen: Map<number, string>): Promise<ProcessFacts[]> {
  const all = (await livingProcesses()).filter(({ pid }) => pid !== process.pid);
  const rooted = await rootLives(tree, all);
  const groupLives = rooted || seen.size > 0;
  const marked = new Set(await markedBy(tree.mark, all));
  const members = new Map<number, ProcessFacts>();
  for (const one of all) {
    const own = one.pid === tree.pid ? rooted : groupLives && one.group === tree.pid;
    if (own || marked.has(one.pid) || seen.get(one.pid) === one.born) members.set(one.pid, one);
  }
  for (let found = -1; found !== members.size;) {
    found = members.size;
    for (const one of all) if (members.has(one.parent)) members.set(one.pid, one);
  }
  for (const { pid, born } of members.values()) seen.set(pid, born);
  return [...members.values()];
}

async function rootLives(
  { pid, born }: ProcessTree,
  all?: readonly ProcessFacts[],
): Promise<boolean> {
  if (pid === null || born === null) return false;
  const now = all ? all.find((one) => one.pid === pid)?.born : await birthOf(pid);
  return now === born;
}

async function livingProcesses(): Promise<ProcessFacts[]> {
  if (process.platform === "linux") {
    const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const facts = await Promise.all(names.map((name) => linuxFacts(Number(name))));
    return facts.filter((one) => one !== undefined);
  }
  const columns = "pid=,ppid=,pgid=,stat=,lstart=";
  const { stdout } = await execute("ps", ["-A", "-o", columns], { maxBuffer: 64_000_000 });
  return stdout.split("\n").flatMap((line) => {
    const [pid, parent, group, state = "Z", ...born] = line.trim().split(/\s+/);
    if (!pid || state.startsWith("Z")) return [];
    return [
      { pid: Number(pid), parent: Number(parent), group: Number(group), born: born.join(" ") },
    ];
  });
}

/** Linux only: elsewhere the environment of another process cannot be read. */
async function markedBy(mark: string, all: readonly ProcessFacts[]): Promise<number[]> {
  if (process.platform !== "linux") return [];
  const wanted = `${TREE_MARK}=${mark}`;
  const found = all.map(async ({ pid }) => {
    // What belongs to other users cannot be read; it is not of this tree either.
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    return environment.split("\0").includes(wanted) ? [pid] : [];
  });
  return (await Promise.all(found)).flat();
}

/** Windows ends a tree by itself; asked without force, it only tells windows to close. */
async function killTreeOnWindows(tree: ProcessTree, graceMs: number): Promise<void> {
  if (tree.pid === null || !(await rootLives(tree))) return;
  const kill = ["/PID", String(tree.pid), "/T"];
  // Refused by a console program; what counts is whether it lives.
  await execute("taskkill", kill).catch(() => undefined);
  const startedMs = performance.now();
  while (await rootLives(tree)) {
    const elapsedMs = performance.now() - startedMs;
    if (elapsedMs >= graceMs + LAST_MS) {
      throw new WranglerError("TASK_FAILED", `Process ${tree.pid} cannot be ended.`);
    }
    if (elapsedMs >= graceMs) await execute("taskkill", [...kill, "/F"]).catch(() => undefined);
    await pause(LOOK_MS);
  }
}
