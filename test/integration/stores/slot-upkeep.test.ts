import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Decision } from "../../../src/schedule/index.ts";
import type { Store } from "../../../src/stores/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";
import { withStore } from "../../helpers/store.ts";
import { runRecord, taskRecord } from "../../helpers/store-records.ts";

const DAY_MS = 86_400_000;
const NOW = new Date("2026-03-01T00:00:00.000Z");
const DAY = "2026-02-28T08:30:00.000Z";

function daysBefore(days: number): string {
  return new Date(NOW.getTime() - days * DAY_MS).toISOString();
}

function decision(dueAt: string, status: Decision["status"] = "DUE"): Decision {
  return { dueAt, startAt: dueAt, status, reason: null };
}

async function withDaily(folder?: string): Promise<Store> {
  const store = withStore(folder ?? (await withFolder()));
  store.slots.register([scheduleDefinition()], "/x/pipeline.yaml", daysBefore(400));
  return store;
}

test("a slot whose run was broken off before it began is due again, without the run", async () => {
  const folder = await withFolder();
  const store = await withDaily(folder);
  store.slots.record("daily", [decision(DAY)], DAY, DAY);
  const idle = runRecord("r1", { status: "IDLE", accounts: ["a"], schedule: "daily" });
  store.slots.start("daily", DAY, idle);
  // killed while tasks were taken over
  const lease = store.take("r1");
  await store.openAccount("r1", "a").journal.commit({ tasks: [taskRecord("t")] });
  lease.release();
  await mkdir(join(folder, "runs", "r1"), { recursive: true });
  await writeFile(join(folder, "runs", "r1", "settings.json"), "{}");

  const now = NOW.toISOString();
  const reason = "its run was broken off before it began";
  const again = { schedule: "daily", dueAt: DAY, status: "DUE", reason, runId: null, at: now };
  expect(store.recoverSlots(now)).toMatchObject([again]);
  expect(store.slots.pending()).toMatchObject([again]);
  expect(store.runs.list()).toEqual([]);
  expect(store.readAccount("r1", "a").tasks()).toEqual([]);
  expect(existsSync(join(folder, "runs", "r1"))).toBe(false);
  expect(store.recoverSlots(now)).toEqual([]);
});

test("a run that has begun, or is about to, is left alone", async () => {
  const store = await withDaily();
  const [one, two] = [DAY, "2026-02-28T09:30:00.000Z"];
  store.slots.record("daily", [decision(one), decision(two)], two, two);
  store.slots.start("daily", one, runRecord("begun", { status: "RUNNING" }));
  store.slots.start("daily", two, runRecord("held", { status: "IDLE" }));
  const lease = store.take("held");
  expect(store.recoverSlots(NOW.toISOString())).toEqual([]);
  expect(store.slots.pending().map(({ status }) => status)).toEqual(["STARTED", "STARTED"]);
  lease.release();
});

test("slots go with their runs, those without one by the same limits", async () => {
  const store = await withDaily();
  const days = [40, 20, 10];
  const ran = days.map((day) => decision(daysBefore(day)));
  const left = days.map((day) => decision(daysBefore(day - 0.5), "SKIPPED"));
  store.slots.record("daily", [...ran, ...left], NOW.toISOString(), NOW.toISOString());
  for (const day of days) {
    store.slots.start("daily", daysBefore(day), runRecord(`r${day}`));
    store.runs.end(`r${day}`, "COMPLETED", daysBefore(day));
  }
  store.slots.ended(NOW.toISOString());
  await store.prune({ keepMs: 30 * DAY_MS }, NOW);
  expect(store.slots.of("daily", 10).map(({ dueAt }) => dueAt)).toEqual(
    [9.5, 10, 19.5, 20].map(daysBefore),
  );
  await store.prune({ keepRuns: 1 }, NOW);
  expect(store.slots.of("daily", 10).map(({ dueAt }) => dueAt)).toEqual([9.5, 10].map(daysBefore));
});

test("what waits to be started is never forgotten", async () => {
  const store = await withDaily();
  const waiting = [decision(daysBefore(90)), decision(daysBefore(89), "QUEUED")];
  store.slots.record("daily", waiting, NOW.toISOString(), NOW.toISOString());
  await store.prune({ keepMs: 1, keepRuns: 1 }, NOW);
  expect(store.slots.pending()).toHaveLength(2);
});

test("a year of slots keeps as many rows as the limits say", async () => {
  const store = await withDaily();
  const counts: number[] = [];
  for (let day = 365; day >= 0; day -= 5) {
    const now = NOW.getTime() - day * DAY_MS;
    const slots = Array.from({ length: 5 * 6 }, (_, i) =>
      decision(new Date(now - i * 4 * 3_600_000).toISOString(), "MISSED"),
    );
    store.slots.record("daily", slots, new Date(now).toISOString(), new Date(now).toISOString());
    await store.prune({ keepMs: 30 * DAY_MS, keepRuns: 1_000 }, new Date(now));
    counts.push(store.slots.of("daily", 10_000).length);
  }
  // from the 35th day on it does not grow
  expect(new Set(counts.slice(7)).size).toBe(1);
  expect(counts.at(-1)).toBeLessThanOrEqual(31 * 6);
});
