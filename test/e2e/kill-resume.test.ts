import { randomInt } from "node:crypto";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { fileSha256 } from "../../src/core/index.ts";
import { cli, startCli } from "../helpers/cli.ts";
import { withFolder } from "../helpers/engine.ts";

const QUICKSTART = fileURLToPath(new URL("../../examples/quickstart", import.meta.url));
const KILLS = 20;

/** A copy of the quickstart whose outputs and checkpoints are its own. The place is always the same: input paths are part of the profile. */
async function quickstart(): Promise<string> {
  const folder = await withFolder();
  await cp(QUICKSTART, join(folder, "quickstart"), {
    recursive: true,
    filter: (path) => !/\/(out|checkpoints)$/.test(path),
  });
  return folder;
}

const RUN = [
  "run",
  "--config",
  "quickstart/pipeline.yaml",
  "--checkpoints",
  "checkpoints",
  "--quiet",
];

/** Hash of every output that must not depend on when or where it was made. */
async function outputs(folder: string): Promise<Record<string, string>> {
  const out = join(folder, "quickstart", "out");
  const hashes: Record<string, string> = {};
  for (const name of await readdir(out, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath, name.name);
    // The report has timings; profile and manifest name the input's place.
    if (!name.isFile() || ["report.html", "profile.json", "manifest.json"].includes(name.name))
      continue;
    hashes[path.slice(out.length)] = await fileSha256(path);
  }
  return hashes;
}

/** Lines of the only run's log. */
async function log(folder: string): Promise<Record<string, unknown>[]> {
  const runs = join(folder, "checkpoints", "runs");
  const [run = ""] = await readdir(runs);
  const text = await readFile(join(runs, run, "log.jsonl"), "utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const keyOf = ({ account, dataset, stage }: Record<string, unknown>) =>
  [account, dataset, stage].join("/");

describe("a killed run", () => {
  let whole: Record<string, string>;
  let durationMs: number;

  beforeAll(async () => {
    const folder = await quickstart();
    const startedMs = performance.now();
    const end = await cli(RUN, folder);
    durationMs = performance.now() - startedMs;
    if (end.code !== 0) throw new Error(end.said);
    whole = await outputs(folder);
  });

  test.each(Array.from({ length: KILLS }, (_, i) => i))(
    "resumes where it stood, to the same bytes, repeating no finished stage (kill %i)",
    async () => {
      const folder = await quickstart();
      const run = startCli(
        ["--verbose", ...RUN].filter((word) => word !== "--quiet"),
        folder,
      );
      const killAtMs = randomInt(50, Math.max(100, Math.round(durationMs)));
      const timer = setTimeout(() => run.child.kill("SIGKILL"), killAtMs);
      const { signal } = await run.end;
      clearTimeout(timer);
      const begun = await readdir(join(folder, "checkpoints", "runs")).catch(() => []);
      // Killed before there was a run: nothing is there to go on with, and nothing may be lost.
      const next = begun.length === 0 ? RUN : ["resume", "--checkpoints", "checkpoints", "--quiet"];
      const resumed = signal === "SIGKILL" ? await cli(next, folder) : { code: 0, stderr: "" };
      expect({ killAtMs, code: resumed.code, stderr: resumed.stderr }).toMatchObject({ code: 0 });
      expect(await outputs(folder)).toEqual(whole);

      const lines = await log(folder);
      const finished = lines
        .filter(({ msg }) => msg === "stage finished")
        .map((line) => keyOf(line));
      expect(finished.toSorted()).toEqual([...new Set(finished)].toSorted());
      expect(finished).toHaveLength(2 * 7);
      const startedAgain = lines.filter(
        (line, i) =>
          line["msg"] === "stage started" &&
          lines
            .slice(0, i)
            .some((one) => one["msg"] === "stage finished" && keyOf(one) === keyOf(line)),
      );
      expect(startedAgain).toEqual([]);
    },
  );
});

describe("one run, one executor", () => {
  test("a second process that resumes a run in progress is refused", async () => {
    const folder = await quickstart();
    const run = startCli(
      RUN.filter((word) => word !== "--quiet"),
      folder,
    );
    await run.said("profiling");
    const second = await cli(["resume", "--checkpoints", "checkpoints"], folder);
    expect(second.code).toBe(75);
    expect(second.stderr).toContain("RUN_BUSY");
    expect((await run.end).code).toBe(0);
  });

  test("an interrupted run says how to go on and goes on", async () => {
    const folder = await quickstart();
    const run = startCli(
      RUN.filter((word) => word !== "--quiet"),
      folder,
    );
    await run.said("profiling");
    run.child.kill("SIGINT");
    const end = await run.end;
    expect(end.code).toBe(130);
    expect(end.stderr).toContain("resume");
    const resumed = await cli(["resume", "--checkpoints", "checkpoints"], folder);
    expect(resumed.code).toBe(0);
  });
});
