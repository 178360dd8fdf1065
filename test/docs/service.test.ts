import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadSettings } from "../../src/config/index.ts";
import { metrics } from "../../src/daemon/metrics.ts";
import { withFolder } from "../helpers/engine.ts";
import { parseMetrics } from "../helpers/metrics-text.ts";
import { clockAt, pipeline, served, withPlace } from "../helpers/served.ts";
import { writeFile } from "node:fs/promises";

const page = await readFile(new URL("../../docs/service.md", import.meta.url), "utf8");

/** Names in the first column of the table that is headed so. */
function namesBelow(heading: string): string[] {
  const lines = page.split("\n");
  const first = lines.findIndex((line) => line.startsWith(`| ${heading}`)) + 2;
  const rows = lines.slice(first, lines.indexOf("", first));
  return rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
  );
}

test("every metric that there is, and no other, is told on the page", async () => {
  const figures = await metrics({
    tool: "1",
    kindOf: () => "module",
    runsActive: () => 0,
    usage: () => ({ running: 0, waiting: 0, places: new Map() }),
    storeBytes: () => Promise.resolve(0),
    checks: () => [],
  });
  const { text } = await figures.text();
  const own = [...parseMetrics(text).keys()].filter((name) => name.startsWith("data_wrangler_"));
  const names = namesBelow("Metric").map((name) => `data_wrangler_${name}`);
  expect(names.toSorted()).toEqual(own.toSorted());
});

test("every check that there is, and no other, is told on the page", async () => {
  const place = await withPlace(pipeline());
  const { app } = await served({ place, clock: clockAt("2026-03-02T00:00:00.000Z") });
  // the first heartbeat has all but the one that it is itself
  const { service } = await app.overview();
  const names = ["store", ...(service?.checks.map(({ name }) => name) ?? [])];
  expect(namesBelow("Check").toSorted()).toEqual(names.toSorted());
});

test("the section of the page is one of a configuration", async () => {
  const [, yaml = ""] = /```yaml\n(service:[^`]+)```/.exec(page) ?? [];
  const folder = await withFolder();
  const path = join(folder, "pipeline.yaml");
  await writeFile(
    path,
    pipeline({ more: yaml }).replace("kind: module, path: note.mjs", "kind: command, command: [x]"),
  );
  const { service } = await loadSettings(path, { env: {}, cwd: folder });
  expect(service).toMatchObject({ port: 8642, heartbeatMs: 15_000, log: { maxFiles: 5 } });
});
