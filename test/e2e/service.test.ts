import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exists } from "../../src/core/index.ts";
import type { ServiceNotice } from "../../src/orchestration/index.ts";
import { until } from "../helpers/held-run.ts";
import { note, pipeline, type Place, withPlace } from "../helpers/served.ts";
import { withProgram, withStore } from "../helpers/store.ts";

/** Notes what it does once, however often it is tried. */
const ONCE = `
import { appendFile, readFile } from "node:fs/promises";
export default async function ({ account, configFolder, effect, scheduledAt, task }) {
  const lines = configFolder + "/lines";
  await effect({
    name: "note",
    cause: async (key) => {
      await appendFile(lines, [key, scheduledAt, account, task].join(" ") + "\\n");
      return {};
    },
    probe: async (key) => {
      const text = await readFile(lines, "utf8").catch(() => "");
      return text.includes(key) ? { done: true, outcome: {} } : { done: false };
    },
  });
}
`;

const onceKind = "kind: module, path: once.mjs";
const QUIET = "service: { port: off, heartbeat: 1s, checks: { diskFree: 1KB } }";
const EVERY = `schedules: { often: { every: 1s, overlap: queue, catchUp: all } }\n${QUIET}`;

interface Process {
  readonly child: ChildProcess;
  readonly notices: ServiceNotice[];
  readonly told: (type: ServiceNotice["type"], times?: number) => Promise<void>;
  readonly exit: Promise<readonly [code: number | null, signal: string | null]>;
}

/** A service in a process of its own, once it has started. */
async function start(place: Place, more: object = {}): Promise<Process> {
  const checkpointsFolder = join(place.folder, "checkpoints");
  const order = { configPath: place.configPath, checkpointsFolder, ...more };
  const child = withProgram("serve.ts", [JSON.stringify(order)]);
  const exit = once(child, "exit") as Promise<[number | null, string | null]>;
  const notices: ServiceNotice[] = [];
  let hasExited = false;
  void exit.then(() => (hasExited = true));
  child.on("message", (message) => notices.push(message as ServiceNotice));
  const told: Process["told"] = (type, times = 1) =>
    until(() => {
      if (notices.filter((notice) => notice.type === type).length >= times) return true;
      if (hasExited) throw new Error(`it ended without telling ${type}`);
      return false;
    });
  await told("started");
  return { child, notices, told, exit };
}

async function linesIn({ folder }: Place): Promise<string[]> {
  const path = join(folder, "lines");
  const text = (await exists(path)) ? await readFile(path, "utf8") : "";
  return text.split("\n").filter(Boolean);
}

test("killed again and again, each slot runs once, and each thing is done once", async () => {
  const tasks = `one: { ${onceKind} }\n      two: { ${onceKind}, dependsOn: one }`;
  const place = await withPlace(pipeline({ tasks, more: EVERY }));
  await writeFile(join(place.folder, "once.mjs"), ONCE);
  for (const runs of [1, 3, 2, 4]) {
    const { child, told, exit } = await start(place);
    await told("run-ended", runs);
    child.kill("SIGKILL");
    expect(await exit).toEqual([null, "SIGKILL"]);
  }
  const last = await start(place);
  const store = withStore(join(place.folder, "checkpoints"));
  const upTo = Date.now();
  // what came while nobody was there is made up for
  await until(() => store.slots.pending().every(({ dueAt }) => Date.parse(dueAt) > upTo));
  last.child.kill("SIGTERM");
  expect(await last.exit).toEqual([0, null]);

  const slots = store.slots.of("often", 10_000).toReversed();
  const ended = slots.filter(({ status }) => status === "ENDED");
  // one a second, without a gap, from the first on
  const times = slots.map(({ dueAt }) => Date.parse(dueAt));
  expect(times).toEqual(times.map((_, i) => (times[0] ?? 0) + i * 1_000));
  expect(ended.length).toBeGreaterThan(10);
  const runs = store.runs.list().filter(({ status }) => status === "COMPLETED");
  expect(new Set(runs.map(({ scheduledAt }) => scheduledAt)).size).toBe(runs.length);
  const done = (await linesIn(place)).map((line) => line.split(" ").slice(1).join(" "));
  expect(new Set(done).size).toBe(done.length);
  for (const { dueAt } of ended) {
    expect(done).toContain(`${dueAt} acme one`);
    expect(done).toContain(`${dueAt} acme two`);
  }
});

test("SIGTERM lets the task at work end within its grace, and the next service goes on", async () => {
  const tasks = `one: { ${note}, with: { hold: wait } }\n      two: { ${note}, dependsOn: one }`;
  const more = `schedules: { daily: { every: 2s, overlap: skip } }\n${QUIET}`;
  const place = await withPlace(pipeline({ tasks, more }));
  await writeFile(join(place.folder, "wait"), "");
  const first = await start(place);
  await until(async () => (await linesIn(place)).length > 0);
  first.child.kill("SIGTERM");
  await first.told("draining");
  await rm(join(place.folder, "wait"));
  expect(await first.exit).toEqual([0, null]);
  // it ended its task, and began no other
  const words = (await linesIn(place)).map((line) => line.split(" ").toSpliced(1, 1).join(" "));
  expect(words).toEqual(["began acme one", "did acme one"]);
  const store = withStore(join(place.folder, "checkpoints"));
  expect(store.runs.list()).toMatchObject([{ status: "WAITING", waitsFor: "process" }]);
  expect(store.service.read()).toBeUndefined();

  const second = await start(place);
  await second.told("run-ended");
  expect(second.notices.map(({ type }) => type)).toContain("run-resumed");
  const [oldest] = store.runs.list().toReversed();
  expect(oldest).toMatchObject({ status: "COMPLETED", attempts: 2 });
  second.child.kill("SIGTERM");
  await second.exit;
});

test("SIGHUP reads the configuration anew; a bad one is refused and the old one stays", async () => {
  const place = await withPlace(
    pipeline({ more: `schedules: { rare: { at: "00:00" } }\n${QUIET}` }),
  );
  const { child, notices, told, exit } = await start(place);
  await place.write("pipeline: [");
  child.kill("SIGHUP");
  await told("reload-refused");
  await place.write(pipeline({ more: EVERY }));
  child.kill("SIGHUP");
  await told("reloaded");
  await told("run-ended", 2);
  child.kill("SIGTERM");
  expect(await exit).toEqual([0, null]);
  expect(notices.map(({ type }) => type).slice(0, 3)).toEqual([
    "started",
    "reload-refused",
    "reloaded",
  ]);
});

test("a service that slept while another took over ends, and starts nothing more", async () => {
  // a process that is stopped while it writes lets nobody else write: it is stopped between its runs
  const more = `schedules: { often: { every: 5s } }\n${QUIET.replace("1s", "60s")}`;
  const place = await withPlace(pipeline({ more }));
  const first = await start(place);
  await until(() =>
    first.notices.some((notice) => notice.type === "slot" && notice.slot.status === "ENDED"),
  );
  first.child.kill("SIGSTOP");
  const store = withStore(join(place.folder, "checkpoints"));
  await until(() => store.service.holder() === undefined);
  const second = await start(place);
  await second.told("run-ended");
  const before = first.notices.length;
  first.child.kill("SIGCONT");
  expect(await first.exit).toEqual([1, null]);
  expect(first.notices.at(-1)).toEqual({ failed: "SERVICE_BUSY" });
  expect(first.notices.slice(before).map(({ type }) => type)).not.toContain("run-ended");
  await second.told("run-ended", 2);
  second.child.kill("SIGTERM");
  expect(await second.exit).toEqual([0, null]);
  const scheduled = store.runs.list().map(({ scheduledAt }) => scheduledAt);
  expect(new Set(scheduled).size).toBe(scheduled.length);
});

test("a restart ends the process, and the next service finds that it took place", async () => {
  const tasks = `before: { ${note} }
      again: { kind: restart, scope: service, command: [sh, -c, "kill -9 $PPID"], within: 60s, dependsOn: before }
      after: { ${note}, dependsOn: again }`;
  const place = await withPlace(
    pipeline({ tasks, more: `schedules: { night: { every: 5s, overlap: skip } }\n${QUIET}` }),
  );
  const first = await start(place);
  expect(await first.exit).toEqual([null, "SIGKILL"]);
  const types = first.notices.map(({ type }) => type);
  expect(types.slice(-3)).toEqual(["draining", "run-ended", "handing-over"]);

  const second = await start(place);
  const store = withStore(join(place.folder, "checkpoints"));
  const runId = store.runs.list().at(-1)?.runId ?? "";
  await until(() => store.runs.get(runId)?.status === "COMPLETED");
  second.child.kill("SIGKILL");
  const words = (await linesIn(place)).map((line) => line.split(" ").at(-1));
  expect(words.filter((word) => word === "after")).toHaveLength(1);
});
