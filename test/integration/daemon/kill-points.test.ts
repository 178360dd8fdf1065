import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Store } from "../../../src/stores/index.ts";
import { note, pipeline, type Place, withPlace } from "../../helpers/served.ts";
import { withProgram, withStore } from "../../helpers/store.ts";

const CONFIG = pipeline({
  tasks: `one: { ${note} }\n      two: { ${note}, dependsOn: one }`,
  more: 'schedules: { daily: { at: "09:00", catchUp: all } }\nservice: { port: off, checks: { diskFree: 1KB } }',
});

/** Live in a process from one time to another, killed at a point if one is named; gives how it ended. */
async function live(place: Place, from: string, until: string, killAt?: string) {
  const order = {
    configPath: place.configPath,
    checkpointsFolder: join(place.folder, "cp"),
    fromMs: Date.parse(from),
    untilMs: Date.parse(until),
    ...(killAt === undefined ? {} : { killAt }),
  };
  const [code, signal] = await once(withProgram("serve.ts", [JSON.stringify(order)]), "exit");
  return { code, signal };
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
  const killed = await live(place, "2026-03-02T08:00:00Z", "2026-03-02T10:00:00Z", point);
  expect(killed).toEqual({ code: null, signal: "SIGKILL" });
  const store = withStore(join(place.folder, "cp"));
  expect(slotsOf(store)).toEqual([left]);
  expect(store.runs.list()).toHaveLength(runs);
  expect(store.service.read()).toMatchObject({ alive: false });

  const next = await live(place, "2026-03-02T09:02:00Z", "2026-03-04T10:00:00Z");
  expect(next).toEqual({ code: 0, signal: null });
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
