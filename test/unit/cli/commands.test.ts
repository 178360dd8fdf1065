import { describe, expect, it } from "vitest";
import { main } from "../../../src/cli/index.ts";
import { fakeHost } from "./fake-host.ts";
import { answering, outcome } from "./outcome.ts";
import { happened, result, run, task } from "./samples.ts";

describe("apply, undo, status, runs, resume", () => {
  it("pass their arguments on", async () => {
    const asked: unknown[] = [];
    const keep =
      <T>(answer: T) =>
      (...given: unknown[]): Promise<T> => {
        asked.push(given[0]);
        return Promise.resolve(answer);
      };
    const undone = { written: "/data/o.csv", cellsRestored: 2, rowsRestored: 1, identical: true };
    const host = fakeHost({
      apply: keep({ written: ["/data/out/x.csv"], counts: { rows: 1 } }),
      undo: keep(undone),
      status: keep({ run, tasks: [], stages: [], accounts: [] }),
      runs: keep([run]),
      resume: keep(result),
    });
    expect(await main(["apply", "-r", "r.json", "-i", "x.csv", "-o", "out"], host)).toBe(0);
    expect(await main(["undo", "--changes", "c", "-i", "x.csv", "-o", "o.csv"], host)).toBe(0);
    expect(await main(["status", "r1"], host)).toBe(0);
    expect(await main(["resume"], host)).toBe(0);
    expect(await main(["runs"], host)).toBe(0);
    expect(asked).toEqual([
      { recipePath: "r.json", input: "x.csv", output: "out" },
      { changesPath: "c", input: "x.csv", output: "o.csv" },
      "r1",
      undefined,
      undefined,
    ]);
    expect(host.stdout.text).toContain(
      "2 cells and 1 row restored; the bytes are those of the original",
    );
  });

  it("ends undo with 1 when the bytes differ", async () => {
    const undone = { written: "/data/o.csv", cellsRestored: 2, rowsRestored: 1, identical: false };
    const host = fakeHost({ undo: () => Promise.resolve(undone) });
    expect(await main(["undo", "--changes", "c", "-i", "x", "-o", "o"], host)).toBe(1);
  });
});

describe("retry and fork", () => {
  it("run again what the app is asked for", async () => {
    const answers = { retry: result, fork: result };
    const whole = await outcome(["retry", "r1"], answers);
    expect(whole.asked).toEqual([["retry", "r1", undefined]]);
    expect(whole.said).toContain("completed: 1 of 1 account");
    const one = await outcome(["retry", "r1", "--task", "load"], answers);
    expect(one.asked).toEqual([["retry", "r1", "load"]]);
    const fork = await outcome(["fork", "r1", "--from", "load"], answers);
    expect(fork.asked).toEqual([["fork", "r1", "load"]]);
  });
});

describe("cancel, pause and resolve", () => {
  it("speak to a run and say what came of it", async () => {
    const canceled = await outcome(["cancel", "r1"], { cancel: { ...run, status: "CANCELED" } });
    expect(canceled).toMatchObject({ asked: [["cancel", "r1"]], said: "run r1: canceled\n" });
    const paused = await outcome(["pause", "r1"], { pause: { ...run, status: "WAITING" } });
    expect(paused.said).toBe("run r1: waiting\nGo on with: data-wrangler resume r1\n");
    const ended = await outcome(["pause", "r1"], { pause: run });
    expect(ended.said).toBe("run r1: completed\n");
    const argv = ["resolve", "r1", "--task", "t", "--as", "not-done", "--account", "a"];
    const resolved = await outcome(argv, { resolve: undefined });
    expect(resolved.asked).toEqual([["resolve", "r1", "t", "not-done", "a"]]);
    expect(resolved.said).toContain("task t: not-done. Go on with: data-wrangler resume r1");
  });

  it("print one JSON value with --json", async () => {
    const { said } = await outcome(["cancel", "r1", "--json"], { cancel: run });
    expect(JSON.parse(said)).toEqual({ ok: true, run });
    const resolved = await outcome(["resolve", "r1", "--task", "t", "--as", "done", "--json"], {
      resolve: undefined,
    });
    expect(JSON.parse(resolved.said)).toEqual({
      ok: true,
      runId: "r1",
      task: "t",
      as: "done",
      account: null,
    });
  });
});

describe("prune", () => {
  const pruned = { runs: ["r1", "r2"], bytesFreed: 12_300_000 };

  it("says how much it freed", async () => {
    const { asked, said } = await outcome(["prune", "--keep", "30d", "--keep-runs", "1000"], {
      prune: pruned,
    });
    expect(asked).toEqual([["prune", { keepMs: 2_592_000_000, keepRuns: 1000 }]]);
    expect(said).toBe("2 runs forgotten, 12.3 MB freed\n");
    expect((await outcome(["prune"], { prune: pruned })).asked).toEqual([["prune", {}]]);
    const json = await outcome(["prune", "--json"], { prune: pruned });
    expect(JSON.parse(json.said)).toEqual({ ok: true, ...pruned });
  });

  it("refuses what is no duration before it loads anything", async () => {
    const { host } = answering({ prune: pruned });
    expect(await main(["prune", "--keep", "soon"], host)).toBe(2);
    expect(host.stderr.text).toContain(
      'expected a duration such as 30d or 12h after --keep, got "soon"',
    );
    expect(host.loaded).toEqual([]);
  });
});

describe("check", () => {
  const checked = {
    configPath: "/data/p.yaml",
    accounts: ["a", "b", "c"],
    workflows: [{ name: "daily", tasks: 5, dependencies: 6 }],
  };

  it("says what a configuration that holds has", async () => {
    const { asked, said } = await outcome(["check", "-c", "p.yaml"], { check: checked });
    expect(asked).toEqual([["check", "p.yaml"]]);
    expect(said).toBe("ok: 3 accounts, workflow daily: 5 tasks, 6 dependencies\n");
    const json = await outcome(["check", "-c", "p.yaml", "--json"], { check: checked });
    expect(JSON.parse(json.said)).toEqual({ ok: true, ...checked });
  });
});

describe("graph", () => {
  it("writes the drawing on stdout, with one end of line", async () => {
    const { asked, said } = await outcome(["graph", "-c", "p", "-w", "daily"], {
      graph: "graph TD",
    });
    expect(asked).toEqual([["graph", "p", "mermaid", "daily"]]);
    expect(said).toBe("graph TD\n");
    const json = await outcome(["graph", "-c", "p", "--format", "json"], { graph: "{}\n" });
    expect(json.asked).toEqual([["graph", "p", "json", undefined]]);
    expect(json.said).toBe("{}\n");
  });

  it("has a format of its own for JSON", async () => {
    const { host, asked } = answering({ graph: "" });
    expect(await main(["graph", "-c", "p", "--json"], host)).toBe(2);
    expect(JSON.parse(host.stdout.text)).toMatchObject({ error: { code: "USAGE" } });
    expect(asked).toEqual([]);
  });
});

describe("history", () => {
  const events = [happened({ type: "run-draining", reason: "paused" })];
  const kept = { run, tasks: [task], stages: [], accounts: [], attempts: [], effects: [] };

  it("has events when they are asked for", async () => {
    const answers = { history: { ...kept, events } };
    const without = await outcome(["history", "r1"], answers);
    expect(without.asked).toEqual([["history", "r1"]]);
    expect(without.said).toContain("  prepare completed, 2.0 s");
    expect(without.said).not.toContain("ends after the tasks at work");
    const withThem = await outcome(["history", "--events"], answers);
    expect(withThem.said).toContain("ends after the tasks at work");
    const json = await outcome(["history", "--json"], answers);
    expect(JSON.parse(json.said)).toEqual({ ok: true, ...kept });
    const all = await outcome(["history", "--json", "--events"], answers);
    expect(JSON.parse(all.said)).toEqual({ ok: true, ...kept, events });
  });
});
