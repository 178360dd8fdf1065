import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cli } from "../helpers/cli.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const EXAMPLES = join(ROOT, "examples");
const MAIN = join(ROOT, "dist/src/main.js");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A copy of an example to run in. */
async function example(name: string): Promise<string> {
  await cp(join(EXAMPLES, name), join(folder, name), {
    recursive: true,
    filter: (path) => !/\/(out|checkpoints)$/.test(path),
  });
  return join(name, "pipeline.yaml");
}

const bytes = (path: string): Promise<Buffer> => readFile(join(folder, path));

const exists = (...path: string[]): Promise<boolean> =>
  access(join(folder, ...path)).then(
    () => true,
    () => false,
  );

describe("the built command", () => {
  it("cleans the quickstart's two accounts and points to their reports", async () => {
    const end = await cli(["run", "--config", await example("quickstart")], folder);
    expect(end).toMatchObject({ code: 0, signal: null });
    expect(end.stderr).toContain("accounts: north-market, alpine-clinic");
    expect(end.stdout).toContain("completed: 2 of 2 accounts");
    for (const report of ["north-market/orders", "alpine-clinic/visits"]) {
      expect(end.stdout).toContain(`quickstart/out/${report}/report.html`);
      expect(await exists("quickstart/out", report, "report.html")).toBe(true);
      expect(await exists("quickstart/out", report, "changes.parquet")).toBe(true);
    }
    const runs = JSON.parse((await cli(["runs", "--json"], folder)).stdout);
    expect(runs.runs).toMatchObject([{ status: "COMPLETED", pipeline: "quickstart", attempts: 1 }]);
    const status = await cli(["status", runs.runs[0].runId], folder);
    expect(status.stdout).toMatch(/alpine-clinic +visits +ranking +completed/);
    const overview = await cli(["status"], folder);
    expect(overview).toMatchObject({ code: 0, stderr: "" });
    expect(overview.stdout).toMatch(/^workflow prepare of quickstart: completed, /);
    expect(overview.stdout).toMatch(/\n {2}prepare +completed +1 /);
  });

  it("completes the other accounts when one has a broken file, and ends with 1", async () => {
    const config = await example("isolation");
    const end = await cli(["run", "-c", config, "--json"], folder);
    expect(end).toMatchObject({ code: 1, stderr: "" });
    const { ok, accounts } = JSON.parse(end.stdout);
    expect(ok).toBe(false);
    const statuses = accounts.map(
      ({ account, status }: Record<string, string>) => `${account} ${status}`,
    );
    expect(statuses.toSorted()).toEqual([
      "blue-line COMPLETED",
      "cold-chain FAILED",
      "harbour-freight COMPLETED",
    ]);
    const two = await cli(["run", "-c", config, "--accounts", "blue-line,harbour-freight"], folder);
    expect(two.code).toBe(0);
  });

  it("takes all five kinds of extension from modules that a configuration names", async () => {
    const config = await example("extensions");
    await mkdir(join(folder, "node_modules"));
    await symlink(ROOT, join(folder, "node_modules/data-wrangler"));
    await symlink(join(ROOT, "node_modules/zod"), join(folder, "node_modules/zod"));
    const { code, stderr } = await cli(["run", "-c", config, "--quiet"], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const out = join(folder, "extensions/out/warehouse/stock");
    expect(await readFile(join(out, "recipe.json"), "utf8")).toContain('"compact_code"');
    expect(await readFile(join(out, "scores.json"), "utf8")).toContain('"check_digits"');
    expect(await readFile(join(out, "verdicts.json"), "utf8")).toContain(
      "an article number with a right check digit",
    );
    expect(JSON.parse(await readFile(join(out, "ranking.json"), "utf8"))).toMatchObject({
      policy: "rules_first",
    });
    expect(await readFile(join(out, "cleaned.csv"), "utf8")).not.toMatch(/^[\d -]*[ -][\d -]*,/m);
  });

  it("runs the stages one by one on each other's files, and undoes byte for byte", async () => {
    await example("isolation");
    const data = "isolation/data/blue-line.csv";
    const steps = [
      ["profile", "--input", data, "--output", "profile.json"],
      ["generate", "--profile", "profile.json", "--data", data, "--output", "candidates"],
      ["validate", "--candidates", "candidates", "--data", data, "--output", "verdicts.json"],
      ["score", "--candidates", "candidates", "--data", data, "--output", "scores.json"],
      ["rank", "--candidates", "candidates", "--profile", "profile.json", "--data", data],
      ["run", "--input", data, "--output", "out"],
      ["apply", "--recipe", "out/recipe.json", "--input", data, "--output", "again"],
      [
        "undo",
        "--changes",
        "out/changes.parquet",
        "--input",
        "out/cleaned.csv",
        "--output",
        "original.csv",
      ],
    ];
    for (const step of steps) {
      const { code, stderr } = await cli([...step, "--quiet"], folder);
      expect({ step: step[0], code, stderr }).toEqual({ step: step[0], code: 0, stderr: "" });
    }
    expect((await bytes("again/cleaned.csv")).equals(await bytes("out/cleaned.csv"))).toBe(true);
    expect((await bytes("original.csv")).equals(await bytes(data))).toBe(true);
  });

  it.each([
    [["run", "--input", "no.csv", "--output", "out"], 66, "error INPUT_MISSING"],
    [["run", "--config", "no.yaml"], 78, "error CONFIG_MISSING"],
    [["profile", "--input", "no.csv"], 66, "error INPUT_MISSING"],
    [["status", "no-such-run"], 2, "error RUN_UNKNOWN"],
    [
      ["run", "-c", "isolation/pipeline.yaml", "--account", "blu-line"],
      2,
      'Did you mean "blue-line"?',
    ],
  ])("ends %j with %d", async (argv, code, said) => {
    await example("isolation");
    const end = await cli(argv, folder);
    expect(end.code).toBe(code);
    expect(end.stdout + end.stderr).toContain(said.replace(/^error /, ""));
  });

  it("tells five mistakes of a configuration at once", async () => {
    await writeFile(
      join(folder, "p.yaml"),
      "pipelin: {}\nranking: { topK: 0 }\naccounts:\n  - { id: a, inputs: '${UNSET_X}' }\n  - { id: A, inputs: x }\n  - { id: c }\n",
    );
    const { code, stderr } = await cli(["run", "-c", "p.yaml"], folder);
    expect(code).toBe(78);
    expect(stderr).toContain("error CONFIG_INVALID");
    expect(stderr.match(/p\.yaml:\d+:\d+ /g)).toHaveLength(5);
  });

  it("ends quietly when the reader of its output goes away", async () => {
    const child = spawn(process.execPath, [MAIN, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    const [code] = await once(child, "close");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});
