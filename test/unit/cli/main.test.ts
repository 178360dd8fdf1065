import { describe, expect, it } from "vitest";
import { main } from "../../../src/cli/index.ts";
import { WranglerError } from "../../../src/core/index.ts";
import type { RunRequest, RunResult, StageRequest } from "../../../src/orchestration/index.ts";
import { type FakeHost, fakeHost } from "./fake-host.ts";
import {
  account,
  dailyRun,
  dailyTasks,
  failedAccount,
  happened,
  result,
  run,
  task,
} from "./samples.ts";

/** An app whose `run` answers and keeps what it was asked. */
function running(answer: RunResult): { host: FakeHost; asked: RunRequest[] } {
  const asked: RunRequest[] = [];
  const host = fakeHost({
    run(request) {
      asked.push(request);
      return Promise.resolve(answer);
    },
  });
  return { host, asked };
}

/** A host whose runs fail. */
function failing(reason: unknown): FakeHost {
  return fakeHost({ run: () => Promise.reject(reason) });
}

describe("run", () => {
  it.each([
    [["-c", "p.yaml"], { configPath: "p.yaml" }],
    [["--config", "p.yaml", "--all-accounts"], { configPath: "p.yaml" }],
    [
      ["-c", "p.yaml", "--account", "a", "--account", "b", "--accounts", "b, c"],
      { configPath: "p.yaml", accounts: ["a", "b", "c"] },
    ],
    [["--input", "x.csv", "--output", "out"], { input: "x.csv", output: "out" }],
    [["-c", "p.yaml", "-w", "daily"], { configPath: "p.yaml", workflow: "daily" }],
    [["-c", "p.yaml", "--task", "load"], { configPath: "p.yaml", select: { only: "load" } }],
    [["-c", "p.yaml", "--from", "load"], { configPath: "p.yaml", select: { from: "load" } }],
    [["-c", "p.yaml", "--only-failed"], { configPath: "p.yaml", select: { failed: true } }],
  ])("asks the app for what %j says", async (flags, request) => {
    const { host, asked } = running(result);
    expect(await main(["run", ...flags], host)).toBe(0);
    expect(asked).toEqual([request]);
  });

  it("prints the summary on stdout and nothing on stderr when no event came", async () => {
    const { host } = running(result);
    await main(["run", "-c", "p.yaml"], host);
    expect(host.stdout.text).toContain("report of acme/orders: out/acme/orders/report.html");
    expect(host.stderr.text).toBe("");
  });

  it("passes --checkpoints and --verbose on to the app", async () => {
    const { host } = running(result);
    await main(["run", "-c", "p.yaml", "--checkpoints", "state", "--verbose"], host);
    expect(host.loaded).toEqual([{ cwd: "/data", checkpointsFolder: "state", logLevel: "debug" }]);
  });

  it("ends with 1 when an account failed, and still prints the others", async () => {
    const { host } = running({
      ...result,
      run: { ...result.run, accounts: ["acme", "globex"] },
      accounts: [...result.accounts, failedAccount],
    });
    expect(await main(["run", "-c", "p.yaml"], host)).toBe(1);
    expect(host.stdout.text).toContain("globex/x/loading: INPUT_MISSING");
    expect(host.stdout.text).toContain("what to do: Check the path.");
    expect(host.stdout.text).toContain("1 of 2 accounts");
  });

  it("ends with the failure's own status when the only input failed", async () => {
    const failed = { ...result, run: { ...run, configPath: null }, accounts: [failedAccount] };
    expect(await main(["run", "-i", "x.csv", "-o", "out"], running(failed).host)).toBe(66);
  });

  it("ends with the task's own status when the only input failed outside its datasets", async () => {
    const failed = { code: "ENGINE_DIED", message: "", remedy: "", at: "" };
    const { host } = running({
      ...result,
      run: { ...run, configPath: null, status: "FAILED" },
      tasks: [{ ...task, status: "FAILED", failure: failed }],
      accounts: [{ ...account, status: "FAILED", datasets: [] }],
    });
    expect(await main(["run", "-i", "x.csv", "-o", "out"], host)).toBe(70);
    expect(host.stdout.text).toContain("acme/prepare: ENGINE_DIED");
  });

  it("ends with 1 when the run was canceled for good", async () => {
    const { host } = running({ ...result, run: { ...run, status: "CANCELED" } });
    expect(await main(["run", "-c", "p.yaml"], host)).toBe(1);
    expect(host.stdout.text).toContain("data-wrangler retry r1");
  });

  it("ends with 75 when it is paused or waits for a person, and says what to type", async () => {
    const paused = running({ ...result, run: { ...run, status: "WAITING" } }).host;
    expect(await main(["run", "-c", "p.yaml"], paused)).toBe(75);
    expect(paused.stdout.text).toContain("Go on with: data-wrangler resume r1");
    const asking = running({ ...result, run: dailyRun, tasks: dailyTasks }).host;
    expect(await main(["run", "-c", "p.yaml"], asking)).toBe(75);
    expect(asking.stdout.text).toContain("data-wrangler resolve r2 --task upload");
  });

  it("shows what it would do with --dry-run, and runs nothing", async () => {
    const plan = {
      workflow: "daily",
      accounts: [{ account: "acme", tasks: [], expectedMs: null }],
    };
    const asked: RunRequest[] = [];
    const host = fakeHost({
      plan(request) {
        asked.push(request);
        return Promise.resolve(plan);
      },
    });
    expect(await main(["run", "-c", "p.yaml", "--dry-run"], host)).toBe(0);
    expect(asked).toEqual([{ configPath: "p.yaml" }]);
    expect(host.stdout.text).toContain("workflow daily for acme: 0 tasks in 0 waves");
    const json = fakeHost({ plan: () => Promise.resolve(plan) });
    await main(["run", "-c", "p.yaml", "--dry-run", "--json"], json);
    expect(JSON.parse(json.stdout.text)).toEqual({ ok: true, ...plan });
  });

  it("prints one JSON object with --json, failures too", async () => {
    const { host } = running({ ...result, accounts: [failedAccount] });
    expect(await main(["run", "-c", "p.yaml", "--json"], host)).toBe(1);
    expect(JSON.parse(host.stdout.text)).toMatchObject({ ok: false, run: { runId: "r1" } });
    expect(host.stderr.text).toBe("");
  });

  it("tells events as lines where there is no terminal, but not with --quiet", async () => {
    const app: Parameters<typeof fakeHost>[0] = {
      run(_, hooks) {
        const accounts = ["a"];
        hooks?.onEvent?.(
          happened({ type: "run-started", workflow: "prepare", accounts, resumed: false }),
        );
        return Promise.resolve(result);
      },
    };
    const host = fakeHost(app);
    await main(["run", "-c", "p.yaml"], host);
    expect(host.stderr.text).toBe("12:03:01 run r1 started, accounts: a\n");
    const quiet = fakeHost(app);
    await main(["run", "-c", "p.yaml", "--quiet"], quiet);
    expect(quiet.stderr.text).toBe("");
    expect(quiet.stdout.text).toContain("acme");
  });
});

describe("usage", () => {
  it.each([
    [["run", "--inptu", "x"], "unknown option '--inptu' (Did you mean --input?)"],
    [["prfile"], "unknown command 'prfile' (Did you mean profile?)"],
    [["run"], "expected --config <file>, or --input <file> and --output <folder>"],
    [["run", "-i", "x"], "expected --config <file>, or --input <file> and --output <folder>"],
    [["run", "-c", "p", "-i", "x"], "expected either --config or --input with --output, got both"],
    [["run", "--account", "a", "-i", "x", "-o", "y"], "expected --config with --account"],
    [["run", "-c", "p", "--all-accounts", "--account", "a"], "cannot be used with option"],
    [["run", "-c", "p", "--accounts", "a,,b"], "Expected ids separated by single commas."],
    [["profile"], "required option '-i, --input <file>' not specified"],
    [["rank", "--candidates", "c", "--top", "0"], "Expected a whole number from 1 to 100."],
    [["agent", "--name", "profling"], 'got "profling". Did you mean "profiling"?'],
    [["runs", "extra"], "too many arguments"],
    [["run", "-c", "p", "--task", "a", "--from", "b"], "cannot be used with option"],
    [["run", "-c", "p", "--only-failed", "--from", "b"], "cannot be used with option"],
    [["run", "-i", "x", "-o", "y", "--task", "a"], "expected --config with --workflow, --task"],
    [["graph", "-c", "p", "--format", "png"], "Allowed choices are mermaid, dot, json, svg."],
    [["fork", "r1"], "required option '--from <task>' not specified"],
    [["cancel"], "missing required argument 'run'"],
    [["resolve", "r1", "--task", "t", "--as", "maybe"], "Allowed choices are done, not-done."],
    [["prune", "--keep-runs", "-1"], "Expected a whole number."],
  ])("refuses %j with 2", async (argv, said) => {
    const host = fakeHost();
    expect(await main(argv, host)).toBe(2);
    expect(host.stderr.text).toMatch(/^error USAGE: /);
    expect(host.stderr.text).toContain(said);
    expect(host.stderr.text).toContain("what to do: See data-wrangler --help");
    expect(host.loaded).toEqual([]);
  });

  it("is told as JSON on stdout when asked for", async () => {
    const host = fakeHost();
    expect(await main(["run", "--json"], host)).toBe(2);
    expect(JSON.parse(host.stdout.text)).toMatchObject({ ok: false, error: { code: "USAGE" } });
    expect(host.stderr.text).toBe("");
  });

  it("shows help on stdout with 0 when asked, on stderr with 2 when nothing was", async () => {
    const asked = fakeHost();
    expect(await main(["--help"], asked)).toBe(0);
    expect(asked.stdout.text).toContain("Exit status:");
    const nothing = fakeHost();
    expect(await main([], nothing)).toBe(2);
    expect(nothing.stderr.text).toContain("Usage: data-wrangler");
  });

  it("prints its version", async () => {
    const host = fakeHost();
    expect(await main(["--version"], host)).toBe(0);
    expect(host.stdout.text).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("errors", () => {
  const argv = ["run", "-c", "p.yaml"];

  it.each([
    ["CONFIG_INVALID", 78],
    ["ACCOUNT_UNKNOWN", 2],
    ["INPUT_UNREADABLE", 65],
    ["RUN_BUSY", 75],
    ["CANCELED", 130],
  ] as const)("end %s with %d and say what to do", async (code, status) => {
    const host = failing(new WranglerError(code, "Some reason."));
    expect(await main(argv, host)).toBe(status);
    expect(host.stderr.text).toMatch(
      new RegExp(`^error ${code}: .* Some reason\\.\\nwhat to do: `),
    );
    expect(host.stdout.text).toBe("");
  });

  it("end what has no code with 70; its stack is told with --verbose only", async () => {
    const host = failing(new TypeError("x is not a function"));
    expect(await main(argv, host)).toBe(70);
    expect(host.stderr.text).toContain("error INTERNAL: x is not a function");
    expect(host.stderr.text).not.toContain("main.test.ts");
    const verbose = failing(new TypeError("x is not a function"));
    await main([...argv, "--verbose"], verbose);
    expect(verbose.stderr.text).toContain("main.test.ts");
  });

  it("carry their details in JSON", async () => {
    const host = failing(new WranglerError("INPUT_MISSING", "", { path: "/x" }));
    expect(await main([...argv, "--json"], host)).toBe(66);
    expect(JSON.parse(host.stdout.text)).toMatchObject({
      ok: false,
      error: { code: "INPUT_MISSING", details: { path: "/x" }, remedy: expect.any(String) },
    });
  });

  it("cannot steer the terminal", async () => {
    const host = failing(new WranglerError("INPUT_UNREADABLE", "got \u001B[2J"));
    await main(argv, host);
    expect(host.stderr.text).toContain("got \\u001b[2J");
  });

  it("are told when the app cannot be loaded or closed", async () => {
    const loading: FakeHost = { ...fakeHost(), loadApp: () => Promise.reject(new Error("no app")) };
    expect(await main(argv, loading)).toBe(70);
    const closing = fakeHost({
      run: () => Promise.resolve(result),
      close: () => Promise.reject(new Error("stuck")),
    });
    expect(await main(argv, closing)).toBe(70);
    expect(closing.stderr.text).toContain("stuck");
  });
});

describe("stage commands", () => {
  const ranking = {
    version: 1,
    policy: "composite_score",
    winner: "balanced",
    places: [
      { rank: 1, candidateId: "balanced", title: "", value: 0.9, qualified: true, reason: "Best." },
    ],
  };

  function staging() {
    const asked: StageRequest[] = [];
    const host = fakeHost({
      stage(request) {
        asked.push(request);
        return Promise.resolve({
          result: ranking,
          written: ["/data/r.json"],
          counts: { places: 1 },
        });
      },
    });
    return { host, asked };
  }

  it.each([
    [
      ["rank", "--candidates", "c", "--profile", "p.json", "--top", "3"],
      { candidatesPath: "c", profilePath: "p.json", top: 3 },
    ],
    [
      ["agent", "--name", "ranking", "--candidates", "c", "--data", "d.csv"],
      { candidatesPath: "c", input: "d.csv" },
    ],
    [
      ["rank", "--candidates", "c", "-c", "p.yaml", "--account", "a"],
      { candidatesPath: "c", configPath: "p.yaml", account: "a" },
    ],
  ])("ask for the stage: %j", async (argv, request) => {
    const { host, asked } = staging();
    expect(await main(argv, host)).toBe(0);
    expect(asked).toEqual([{ stage: "ranking", ...request }]);
    expect(host.stdout.text).toContain("1. balanced 0.9000\n   Best.");
    expect(host.stdout.text).toContain("written: r.json");
  });

  it("print the artifact itself with --json", async () => {
    const { host } = staging();
    await main(["rank", "--candidates", "c", "--json"], host);
    expect(JSON.parse(host.stdout.text)).toEqual(ranking);
  });

  it.each([
    ["profile", ["-i", "x"], "profiling"],
    ["generate", ["--profile", "p"], "transformation"],
    ["validate", ["--candidates", "c", "--data", "d"], "validation"],
    ["score", ["--candidates", "c", "--data", "d"], "scoring"],
  ])("%s asks for the stage %s names", async (command, flags, stage) => {
    const asked: string[] = [];
    const host = fakeHost({
      stage(request) {
        asked.push(request.stage);
        return Promise.resolve({ result: [], written: [], counts: {} });
      },
    });
    await main([command, ...flags, "--json"], host);
    expect(asked).toEqual([stage]);
  });
});
