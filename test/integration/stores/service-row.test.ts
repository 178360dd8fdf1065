import { once } from "node:events";
import { hostname } from "node:os";
import { expect, test } from "vitest";
import type { Heartbeat } from "../../../src/stores/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { scheduleDefinition } from "../../helpers/schedule-definition.ts";
import { messageOf, withProgram, withStore } from "../../helpers/store.ts";
import { runRecord } from "../../helpers/store-records.ts";

const BEAT: Heartbeat = {
  startedAt: "2026-03-01T00:00:00.000Z",
  at: "2026-03-01T00:01:00.000Z",
  configPath: "/x/pipeline.yaml",
  url: "http://127.0.0.1:8642",
  checks: [{ name: "disk", level: "warning", text: "2 GB are free.", remedy: "Free some." }],
};

test("a service tells of itself until it ends", async () => {
  const store = withStore(await withFolder());
  expect(store.service.read()).toBeUndefined();
  const lease = store.service.take();
  lease.beat(BEAT);
  expect(store.service.read()).toEqual({
    pid: process.pid,
    host: hostname(),
    alive: true,
    ...BEAT,
  });
  expect(store.service.holder()?.pid).toBe(process.pid);
  lease.release();
  expect(store.service.read()).toBeUndefined();
  expect(store.service.holder()).toBeUndefined();
  // released twice is released
  lease.release();
});

test("a store has one service, whose process and machine are named", async () => {
  const folder = await withFolder();
  const child = withProgram("hold-service.ts", [folder]);
  expect(await messageOf(child)).toBe("held");
  const store = withStore(folder);
  const named = new RegExp(`Another process is the service.*process ${child.pid} on ${hostname()}`);
  expect(() => store.service.take()).toThrow(named);
  // what only the service does is refused, what people do is not
  expect(() => store.slots.register([], "/x.yaml", BEAT.at)).toThrow(named);
  expect(() => store.slots.record("daily", [], BEAT.at, BEAT.at)).toThrow(named);
  expect(() => store.slots.start("daily", BEAT.at, runRecord("r1"))).toThrow(named);
  store.slots.add(scheduleDefinition(), "/x.yaml", BEAT.at);
  expect(store.slots.pause("daily", BEAT.at).pausedAt).toBe(BEAT.at);
  expect(store.service.read()).toMatchObject({ pid: child.pid, alive: true });

  child.kill("SIGKILL");
  await once(child, "exit");
  expect(store.service.read()).toMatchObject({ pid: child.pid, alive: false });
  store.service.take().beat(BEAT);
  expect(store.service.read()).toMatchObject({ pid: process.pid, alive: true });
});

test("a service that slept while another took over writes nothing more", async () => {
  const folder = await withFolder();
  const [first, second] = [withStore(folder, { leaseMs: 30 }), withStore(folder, { leaseMs: 30 })];
  const lease = first.service.take();
  first.slots.register([scheduleDefinition()], "/x.yaml", BEAT.at);
  // no beat of the lease comes through while this process stands still
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
  const other = second.service.take();
  expect(() => lease.beat(BEAT)).toThrow(/Another process is the service/);
  expect(lease.lost.aborted).toBe(true);
  expect(() => first.slots.record("daily", [], BEAT.at, BEAT.at)).toThrow(/Another process/);
  lease.release();
  other.beat(BEAT);
  expect(second.service.read()).toMatchObject({ alive: true });
  other.release();
});
