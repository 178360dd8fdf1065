import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Store } from "../../../src/stores/index.ts";
import { clockAt, note, pipeline, type Place, served, withPlace } from "../../helpers/served.ts";
import { withProgram, withStore } from "../../helpers/store.ts";

const CONFIG = pipeline({
  tasks: `one: { ${note} }\n      two: { ${note}, dependsOn: one }`,
  more: 'schedules: { daily: { at: "09:00", catchUp: all } }\nservice: { port: off, checks: { diskFree: 1KB } }',
});

/** Live in a process of its own until it is killed at a point. */
async function killedAt(place: Place, point: string): Promise<void> {
  const order = {
    configPath: place.configPath,
    checkpointsFolder: join(place.folder, "checkpoints"),
    fromMs: Date.parse("2026-03-02T08:00:00.000Z"),
    untilMs: Date.parse("2026-03-02T10:00:00.000Z"),
    killAt: point,
  };
  const child = withProgram("serve.ts", [JSON.stringify(order)]);
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
}

function slotsOf(store: Store) {
  return store.slots.of("daily", 10).map(({ dueAt, status }) => `${dueAt.slice(8, 10)} ${status}`);
}

test.each([
  // decided, and nothing more
  ["slot DUE", "02 DUE", 0],
  // the run is on record and has not begun
  ["slot STARTED", "02 STARTED", 1],
  ["run-started", "02 STARTED", 1],
  ["task-started", "02 STARTED", 1],
  ["task-finished", "02 STARTED", 1],
  ["account-finished", "02 STARTED", 1],
  ["run-finished", "02 STARTED", 1],
  ["run-ended", "02 STARTED", 1],
  ["slot ENDED", "02 ENDED", 1],
])("killed at %s, its slot runs once, and the next days come", async (point, left, runs) => {
  const place = await withPlace(CONFIG);
  await killedAt(place, point);
  const store = withStore(join(place.folder, "checkpoints"));
  expect(slotsOf(store)).toEqual([left]);
  expect(store.runs.list()).toHaveLength(runs);
  expect(store.service.read()).toMatchObject({ alive: false });

  const clock = clockAt("2026-03-02T09:02:00.000Z");
  const next = await served({ place, clock });
  await clock.advance(Date.parse("2026-03-04T10:00:00.000Z"));
  expect(await next.drain()).toEqual({ reason: "drained" });
  expect(slotsOf(store)).toEqual(["04 ENDED", "03 ENDED", "02 ENDED"]);
  const ran = store.runs.list();
  expect(ran.map(({ status, scheduledAt }) => [scheduledAt.slice(8, 10), status])).toEqual([
    ["04", "COMPLETED"],
    ["03", "COMPLETED"],
    ["02", "COMPLETED"],
  ]);
  const records = store.readAccount(ran[2]!.runId, "acme").tasks();
  expect(records.map(({ task, status }) => [task, status])).toEqual([
    ["one", "COMPLETED"],
    ["two", "COMPLETED"],
  ]);
  expect(store.service.read()).toBeUndefined();
});
