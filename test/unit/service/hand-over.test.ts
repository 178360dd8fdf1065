import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { handOver } from "../../../src/service/hand-over.ts";
import { countRestart } from "../../../src/service/restart-count.ts";
import type { HandOverOrder } from "../../../src/tasks/index.ts";
import { withFolder } from "../../helpers/engine.ts";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-03-02T01:00:00.000Z");

function order(folder: string, own: Partial<HandOverOrder> = {}): HandOverOrder {
  const env = { PATH: process.env["PATH"] ?? "" };
  return {
    command: ["sh", "-c", "echo failing; exit 1"],
    cwd: folder,
    env,
    withinMs: 60_000,
    outputPath: join(folder, "output"),
    maxPerDay: 3,
    ...own,
  };
}

const here = () => handOver({ now: () => NOW, busy: () => () => {} });

describe("a hand-over", () => {
  test("is told to all runs, and carried out when none is at work", async () => {
    const folder = await withFolder();
    const process = here();
    const [first, second] = [process.enter(), process.enter()];
    const { signal } = process;
    await process.request(order(folder), folder);
    expect(signal.aborted).toBe(true);
    expect(process.requested).toMatchObject({ cwd: folder });

    let isOver = false;
    const carriedOut = process.carryOut().then(() => (isOver = true));
    first();
    first();
    await new Promise((turn) => setImmediate(turn));
    await expect(readFile(join(folder, "output"))).rejects.toThrow("ENOENT");
    expect(isOver).toBe(false);
    second();
    await carriedOut;
    expect(await readFile(join(folder, "output"), "utf8")).toMatch(/^failing\nsh .*exit code 1/);
    expect(process.requested).toBeUndefined();
    expect(process.signal.aborted).toBe(false);
  });

  test("serves all who ask while it is under way, and counts once", async () => {
    const folder = await withFolder();
    const process = here();
    const asked = ["one", "two", "three"].map((name) =>
      process.request(order(folder, { command: [name], maxPerDay: 1 }), folder),
    );
    await Promise.all(asked);
    expect(process.requested?.command).toEqual(["one"]);
  });

  test("is carried out once, whoever asks for that", async () => {
    const folder = await withFolder();
    const process = here();
    await process.request(order(folder, { command: ["sh", "-c", "echo once; exit 1"] }), folder);
    await Promise.all([process.carryOut(), process.carryOut()]);
    expect((await readFile(join(folder, "output"), "utf8")).match(/once/g)).toHaveLength(1);
  });

  test("is not waited for when the process is being ended, and stays asked for", async () => {
    const folder = await withFolder();
    const process = here();
    await process.request(order(folder, { command: ["true"], withinMs: 1_000 }), folder);
    const stop = new AbortController();
    const carriedOut = process.carryOut(stop.signal);
    stop.abort();
    await carriedOut;
    expect(process.requested).toBeDefined();
  });

  test("that nobody asked for is over at once", async () => {
    await expect(here().carryOut()).resolves.toBeUndefined();
  });

  test("whose output cannot be kept is not begun, and can be asked for again", async () => {
    const folder = await withFolder();
    const process = here();
    const outputPath = join(folder, "no", "such", "folder");
    await process.request(order(folder, { outputPath }), folder);
    await expect(process.carryOut()).rejects.toThrow("ENOENT");
    expect(process.requested).toBeUndefined();
  });
});

describe("restarts", () => {
  test("are counted over 24 hours, durably; those before are forgotten", async () => {
    const folder = await withFolder();
    await countRestart(folder, 2, NOW - DAY_MS);
    await countRestart(folder, 2, NOW - DAY_MS + 1);
    await countRestart(folder, 2, NOW);
    await expect(countRestart(folder, 2, NOW + 1_000)).resolves.toBeUndefined();
    await expect(countRestart(folder, 2, NOW + 2_000)).rejects.toMatchObject({
      code: "RESTART_FAILED",
      message: expect.stringContaining("2026-03-02T01:00:00.000Z, 2026-03-02T01:00:01.000Z"),
    });
    // What was refused does not count.
    await expect(countRestart(folder, 3, NOW + 3_000)).resolves.toBeUndefined();
  });

  test("count also when the clock was set back since", async () => {
    const folder = await withFolder();
    await countRestart(folder, 1, NOW);
    await expect(countRestart(folder, 1, NOW - 30 * DAY_MS)).rejects.toMatchObject({
      code: "RESTART_FAILED",
    });
  });

  test("are refused when it cannot be read how many there were", async () => {
    const folder = await withFolder();
    await writeFile(join(folder, "restarts.json"), "[");
    await expect(countRestart(folder, 9, NOW)).rejects.toMatchObject({ code: "ARTIFACT_INVALID" });
  });
});
