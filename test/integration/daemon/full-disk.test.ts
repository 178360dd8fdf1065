import { spawnSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { clockAt, note, pipeline, served, withPlace } from "../../helpers/served.ts";
import { mkdir } from "node:fs/promises";

const MORE = `
schedules: { often: { every: 1h, catchUp: all, overlap: queue } }
service: { port: off, heartbeat: 1s, checks: { diskFree: 1KB } }`;

test("on a disk that is full the service goes on, loses no slot, and makes up for them", async (context) => {
  const place = await withPlace(pipeline({ tasks: `one: { ${note} }`, more: MORE }));
  const disk = join(place.folder, "checkpoints");
  await mkdir(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", disk]);
  context.skip(mounted.status !== 0, "no disk can be made here");
  onTestFinished(() => void spawnSync("umount", ["-l", disk]));
  const clock = clockAt("2026-03-02T00:30:00.000Z");
  const { app, told, notices } = await served({ place, clock });
  await clock.advance(Date.parse("2026-03-02T02:30:00.000Z"));

  const filler = join(disk, "filler");
  await writeFile(filler, Buffer.alloc(8_000_000)).catch(() => undefined);
  await told("health", ({ checks }) =>
    checks.some(({ name, level }) => level === "failing" && (name === "store" || name === "disk")),
  );
  await clock.advance(Date.parse("2026-03-02T04:30:00.000Z"));
  expect(notices.filter(({ type }) => type === "run-ended")).toHaveLength(2);

  await rm(filler);
  await told("health", ({ checks }) =>
    checks.every(({ name, level }) => level !== "failing" || name === "clock"),
  );
  await clock.advance(Date.parse("2026-03-02T06:30:00.000Z"));
  const lines = (await readFile(join(place.folder, "lines"), "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => line.split(" ")[1]?.slice(11, 16))).toEqual([
    "01:00",
    "02:00",
    "03:00",
    "04:00",
    "05:00",
    "06:00",
  ]);
  expect((await app.runs()).every(({ status }) => status === "COMPLETED")).toBe(true);
});
