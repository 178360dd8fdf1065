import { randomInt } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { fileSha256 } from "../../src/core/index.ts";
import { cli, startCli } from "../helpers/cli.ts";
import { withFolder } from "../helpers/engine.ts";
import { snapshotOf } from "../helpers/run-snapshot.ts";

const QUICKSTART = fileURLToPath(new URL("../../examples/quickstart", import.meta.url));
const KILLS = 20;

/** A copy of the quickstart whose outputs and checkpoints are its own. */
async function quickstart(folder: string): Promise<string> {
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

/** Every output by its name: text as it is, but for where and when it was made; other files by hash. */
async function outputs(folder: string): Promise<Record<string, string>> {
  const out = join(folder, "quickstart", "out");
  const found: Record<string, string> = {};
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // The report shows timings, and the manifest has the hash of the profile, which names the input's place.
    if (!entry.isFile() || ["report.html", "manifest.json"].includes(entry.name)) continue;
    const text = path.endsWith(".json") ? await readFile(path, "utf8") : await fileSha256(path);
    found[path.slice(out.length)] = text.replaceAll(folder, "");
  }
  return found;
}

/** Lines of the only run's log. */
async function log(folder: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(snapshotOf(join(folder, "checkpoints"))?.run.logPath ?? "", "utf8");
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
    const folder = await quickstart(await mkdtemp(join(tmpdir(), "data-wrangler-test-")));
    const startedMs = performance.now();
    const end = await cli(RUN, folder);
    durationMs = performance.now() - startedMs;
    if (end.code !== 0) throw new Error(end.said);
    whole = await outputs(folder);
    await rm(folder, { recursive: true });
  });

  test.each(Array.from({ length: KILLS }, (_, i) => i))(
    "resumes where it stood, to the same bytes, repeating no finished stage (kill %i)",
    async () => {
      const folder = await quickstart(await withFolder());
      const run = startCli(RUN, folder);
      const killAtMs = randomInt(50, Math.max(100, Math.round(durationMs)));
      const timer = setTimeout(() => run.child.kill("SIGKILL"), killAtMs);
      const { signal, code } = await run.end;
      clearTimeout(timer);
      // Killed before there was a run: nothing is there to go on with, and nothing may be lost.
      const begun = snapshotOf(join(folder, "checkpoints"));
      const next = begun ? ["resume", "--checkpoints", "checkpoints", "--quiet"] : RUN;
      const resumed = signal === "SIGKILL" ? await cli(next, folder) : { code, said: "" };
      expect({ killAtMs, code: resumed.code, said: resumed.said }).toMatchObject({ code: 0 });
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
    const folder = await quickstart(await withFolder());
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

  test("a run interrupted twice ends at once, says how to go on and goes on", async () => {
    const folder = await quickstart(await withFolder());
    const run = startCli(
      RUN.filter((word) => word !== "--quiet"),
      folder,
    );
    await run.said("profiling");
    run.child.kill("SIGINT");
    await run.said("interrupt again");
    run.child.kill("SIGINT");
    const end = await run.end;
    expect(end.code).toBe(130);
    expect(end.stdout).toContain("data-wrangler resume");
    const { code, said } = await cli(["resume", "--checkpoints", "checkpoints"], folder);
    expect({ code, said }).toMatchObject({ code: 0 });
    const finished = (await log(folder)).filter(({ msg }) => msg === "stage finished").map(keyOf);
    expect(finished).toHaveLength(2 * 7);
    expect(new Set(finished).size).toBe(2 * 7);
  });
});
