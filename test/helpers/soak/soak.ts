import { fork } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expectedSlots } from "./oracle.ts";
import { ACCOUNTS, LINES, writeWorkshop } from "./workshop.ts";

export interface SoakPlan {
  /** Empty or not there yet. */
  readonly folder: string;
  readonly days: number;
  readonly kills: number;
  /** Steps of the clock, forwards and backwards. */
  readonly steps: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}

/** How much is in use at a moment of the simulated time. */
export interface Sample {
  readonly atMs: number;
  readonly heapUsed: number;
  readonly rss: number;
  readonly handles: number;
  readonly storeBytes: number;
}

export interface SoakReport {
  readonly expected: number;
  /** Slots that the calendar has and of which a task did nothing, as `SLOT ACCOUNT TASK`. */
  readonly missed: readonly string[];
  /** What was done more than once for a slot, or for none of the calendar's. */
  readonly doubled: readonly string[];
  readonly strange: readonly string[];
  readonly kills: number;
  readonly samples: readonly Sample[];
}

/** A day before the clocks go forward in Berlin, so that a short stretch has that night in it. */
const START_MS = Date.parse("2026-03-27T12:00:00Z");
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Down after a kill. */
const BOOT_MS = 90_000;
const PROGRAM = fileURLToPath(new URL("../../programs/soak-service.ts", import.meta.url));
const TASKS = ["fetch", "use"];

/** Live through days with kills in the middle of the work, and steps of the clock; look at what was done. */
export async function soak(plan: SoakPlan): Promise<SoakReport> {
  const { folder, days, kills, steps, seed, say = () => {} } = plan;
  const configPath = await writeWorkshop(folder);
  const checkpointsFolder = join(folder, "checkpoints");
  const random = numbersFrom(seed);
  const untilMs = START_MS + days * DAY_MS;
  // Kills in the first half, at slots of the calendar: then something is at work. The second half
  // is lived through by one process, whose memory is looked at.
  const slots = expectedSlots(START_MS, START_MS + (days * DAY_MS) / 2).map((slot) =>
    Date.parse(slot.split(" ")[1] ?? ""),
  );
  const killsAt = chosen(slots, kills, random);
  const stepsAt = Array.from({ length: steps }, () => ({
    atMs: START_MS + Math.floor(random() * days * DAY_MS),
    byMs: Math.round((random() - 0.5) * 4 * HOUR_MS),
  }));
  const samples: Sample[] = [];
  let nowMs = START_MS;
  for (let i = 0; nowMs < untilMs; i++) {
    if (i > kills * 2 + 5) throw new Error("it does not come to its end");
    const next = killsAt.find((atMs) => atMs > nowMs);
    const kill = next === undefined ? null : { atMs: next, afterRealMs: Math.floor(random() * 60) };
    const own = stepsAt.filter(({ atMs }) => atMs > nowMs && atMs < (next ?? untilMs));
    const order = { configPath, checkpointsFolder, fromMs: nowMs, untilMs, kill, steps: own };
    const lived = await live({ ...order, everyMs: 5 * DAY_MS }, async (told) => {
      if (told.heapUsed === undefined) return;
      samples.push({ ...told, storeBytes: await bytesOf(checkpointsFolder) } as Sample);
    });
    nowMs = lived.killed ? lived.atMs + BOOT_MS : untilMs;
    say(`  ${new Date(nowMs).toISOString()}  ${lived.killed ? "killed" : "done"}`);
  }
  const done = await linesOf(folder);
  return { ...compare(done, untilMs), kills: killsAt.length, samples };
}

type Told = { readonly atMs: number } & Partial<Omit<Sample, "atMs" | "storeBytes">>;

async function live(
  order: object,
  onTold: (told: Told) => Promise<void>,
): Promise<{ atMs: number; killed: boolean }> {
  const child = fork(PROGRAM, [JSON.stringify(order)], {
    execArgv: ["--import", "tsx", "--expose-gc"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let atMs = 0;
  const hearing: Promise<void>[] = [];
  child.on("message", (message) => {
    const told = message as Told;
    atMs = told.atMs;
    hearing.push(onTold(told));
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once("exit", (...end) => resolve(end));
  });
  await Promise.all(hearing);
  if (signal !== "SIGKILL" && code !== 0) throw new Error(`the service ended with ${code}`);
  return { atMs, killed: signal === "SIGKILL" };
}

/** What was done against what the calendar says. */
function compare(done: readonly string[], untilMs: number) {
  const counts = new Map<string, number>();
  for (const one of done) counts.set(one, (counts.get(one) ?? 0) + 1);
  const expected = expectedSlots(START_MS, untilMs);
  const wanted = new Set(
    expected.flatMap((slot) => {
      const [, dueAt = ""] = slot.split(" ");
      return ACCOUNTS.flatMap((account) => TASKS.map((task) => `${dueAt} ${account} ${task}`));
    }),
  );
  // Two schedules may share an instant: then it is wanted twice.
  const times = new Map<string, number>();
  for (const slot of expected) {
    const dueAt = slot.split(" ")[1] ?? "";
    times.set(dueAt, (times.get(dueAt) ?? 0) + 1);
  }
  const due = (line: string) => times.get(line.split(" ")[0] ?? "") ?? 0;
  return {
    expected: expected.length,
    missed: [...wanted].filter((line) => (counts.get(line) ?? 0) < due(line)),
    doubled: [...counts].filter(([line, n]) => n > Math.max(1, due(line))).map(([line]) => line),
    strange: [...counts.keys()].filter((line) => !wanted.has(line)),
  };
}

async function linesOf(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, LINES), "utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" ").slice(1).join(" "));
}

async function bytesOf(folder: string): Promise<number> {
  const files = ["wrangler.sqlite", ...ACCOUNTS.map((id) => join("accounts", `${id}.sqlite`))];
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(folder, file)).catch(() => ({ size: 0 }))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Some of a list, spread over it. */
function chosen(list: readonly number[], count: number, random: () => number): number[] {
  const share = list.length / count;
  return Array.from({ length: count }, (_, i) => list[Math.floor((i + random()) * share)] ?? 0);
}

/** Numbers in [0, 1) that only depend on the seed (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
