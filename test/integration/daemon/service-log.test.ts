import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keepMasked } from "../../../src/core/index.ts";
import { openServiceLog } from "../../../src/daemon/service-log.ts";
import { withFolder } from "../../helpers/engine.ts";
import { clockAt, note, pipeline, served, withPlace } from "../../helpers/served.ts";

async function linesOf(path: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("what the service does is in its log, line by line as JSON", async () => {
  const more = `
schedules: { daily: { at: "09:00" } }
service: { port: off, checks: { diskFree: 1KB }, log: { file: logs/service.log } }`;
  const place = await withPlace(
    pipeline({ tasks: `one: { ${note}, with: { fails: not today } }`, more }),
  );
  const clock = clockAt("2026-03-02T00:00:00.000Z");
  const { drain } = await served({ place, clock });
  await clock.advance(Date.parse("2026-03-02T12:00:00.000Z"));
  await drain();
  const lines = await linesOf(join(place.folder, "logs", "service.log"));
  expect(lines.map(({ msg }) => msg)).toEqual([
    "started",
    "slot",
    "slot",
    "run-started",
    "task-finished",
    "run-finished",
    "run-ended",
    "slot",
    "draining",
    "stopped",
  ]);
  expect(lines[2]).toMatchObject({
    level: 30,
    pid: process.pid,
    notice: { type: "slot", slot: { status: "STARTED" }, at: "2026-03-02T09:00:00.000Z" },
  });
  expect(lines[4]).toMatchObject({
    level: 40,
    event: { reason: expect.stringMatching("not today") },
  });
});

test("files are rotated by size, and no more are kept than wanted", async () => {
  const folder = await withFolder();
  const file = join(folder, "service.log");
  for (let round = 0; round < 6; round++) {
    const { log, close } = await openServiceLog({ file, maxSizeBytes: 2_000, maxFiles: 3 }, "info");
    for (let i = 0; i < 10; i++) log.info({ round, i, blank: "x".repeat(100) }, "line");
    await close();
  }
  const files = (await readdir(folder)).toSorted();
  expect(files).toEqual(["service.log", "service.log.1", "service.log.2"]);
  // each line is whole, and the newest are the last of the newest file
  const newest = await linesOf(file).catch(() => []);
  const all = [
    ...(await linesOf(join(folder, "service.log.2"))),
    ...(await linesOf(join(folder, "service.log.1"))),
    ...newest,
  ];
  expect(all.at(-1)).toMatchObject({ round: 5, i: 9 });
});

test("where one file is wanted, one is kept", async () => {
  const folder = await withFolder();
  const file = join(folder, "service.log");
  for (let round = 0; round < 4; round++) {
    const { log, close } = await openServiceLog({ file, maxSizeBytes: 500, maxFiles: 1 }, "info");
    for (let i = 0; i < 10; i++) log.info({ blank: "x".repeat(100) }, "line");
    await close();
  }
  expect(await readdir(folder)).toEqual(["service.log"]);
});

test("a secret that was read stands in no line", async () => {
  const folder = await withFolder();
  const file = join(folder, "service.log");
  keepMasked("correct horse battery");
  const { log, close } = await openServiceLog({ file, maxSizeBytes: 1e6, maxFiles: 2 }, "info");
  log.error({ url: "https://a.example/?key=correct%20horse%20battery" }, "correct horse battery");
  await close();
  const text = await readFile(file, "utf8");
  expect(text).not.toContain("horse");
  expect(text).toContain("***");
});

test("a log that cannot be written to stops nothing, and says nothing", async () => {
  const folder = await withFolder();
  await writeFile(join(folder, "taken"), "");
  const file = join(folder, "taken", "service.log");
  await expect(openServiceLog({ file, maxSizeBytes: 1e6, maxFiles: 2 }, "info")).rejects.toThrow(
    /taken/,
  );
  const { log, close } = await openServiceLog(
    { file: folder, maxSizeBytes: 1e6, maxFiles: 2 },
    "info",
  );
  log.info({}, "lost");
  await close();
  const none = await openServiceLog({ file: null, maxSizeBytes: 1, maxFiles: 1 }, "info");
  none.log.info({}, "nobody hears it");
  await none.close();
  expect(await readdir(folder)).toEqual(["taken"]);
});
