import { expect, test } from "vitest";
import { reloader } from "../../../src/daemon/reloader.ts";
import type { News } from "../../../src/daemon/voice.ts";
import type { Settings } from "../../../src/config/index.ts";
import { silentLog } from "../../../src/core/index.ts";

function settings(version: string): Settings {
  return { pipeline: { name: "p", version } } as Settings;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A configuration that is read when the test says so. */
function played() {
  const told: News[] = [];
  const applied: string[] = [];
  const reads: { give(value: Settings): void; fail(error: Error): void }[] = [];
  let done = 0;
  const reloads = reloader({
    load: () =>
      new Promise((give, fail) => {
        reads.push({ give, fail });
      }),
    objection: ({ pipeline }) => (pipeline.version === "bad" ? "not at work" : null),
    apply({ pipeline }) {
      applied.push(pipeline.version);
      return 3;
    },
    tell: (news) => void told.push(news),
    log: silentLog,
    onDone: () => void done++,
  });
  return { reloads, told, applied, reads, done: () => done };
}

test("a good configuration is taken over, a bad one is refused with what is wrong", async () => {
  const { reloads, told, applied, reads, done } = played();
  reloads.reload();
  await settle();
  reads[0]?.give(settings("2"));
  await settle();
  reloads.reload();
  await settle();
  reads[1]?.fail(new Error("3 findings"));
  await settle();
  reloads.reload();
  await settle();
  reads[2]?.give(settings("bad"));
  await settle();
  expect(applied).toEqual(["2"]);
  expect(told).toEqual([
    { type: "reloaded", schedules: 3 },
    { type: "reload-refused", message: "3 findings" },
    { type: "reload-refused", message: "not at work" },
  ]);
  expect(done()).toBe(3);
});

test("who asks while a reading is under way is served by one more", async () => {
  const { reloads, reads } = played();
  reloads.reload();
  await settle();
  for (let i = 0; i < 5; i++) reloads.reload();
  reads[0]?.give(settings("1"));
  await settle();
  await settle();
  expect(reads).toHaveLength(2);
  reads[1]?.give(settings("2"));
  await reloads.close();
  reloads.reload();
  await settle();
  expect(reads).toHaveLength(2);
});

test("nothing is taken over once it is closed", async () => {
  const { reloads, applied, reads } = played();
  reloads.reload();
  await settle();
  const closed = reloads.close();
  reads[0]?.give(settings("1"));
  await closed;
  expect(applied).toEqual([]);
});
