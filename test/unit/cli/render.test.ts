import { describe, expect, it } from "vitest";
import {
  bytes,
  clock,
  count,
  counted,
  duration,
  moment,
  percent,
  shortPath,
} from "../../../src/cli/figures.ts";
import { clip, printable, widthOf } from "../../../src/cli/printable.ts";
import { artifactSummary } from "../../../src/cli/render/artifact.ts";
import { historyLines } from "../../../src/cli/render/history.ts";
import { planLines } from "../../../src/cli/render/plan.ts";
import { runList, runStatus } from "../../../src/cli/render/run-status.ts";
import { runSummary, type SummaryOptions } from "../../../src/cli/render/summary.ts";
import { table } from "../../../src/cli/render/table.ts";
import { isColoured, styleOf } from "../../../src/cli/style.ts";
import type { PlanReport, RunHistory, RunResult } from "../../../src/orchestration/index.ts";
import {
  account,
  attempt,
  dailyRun,
  dailyTasks,
  dataset,
  effect,
  failedAccount,
  failure,
  happened,
  result,
  run,
  stageRecord,
  task,
} from "./samples.ts";

const style = styleOf(false);
const options: SummaryOptions = { style, cwd: "/data" };

describe("figures", () => {
  it("are written as people read them", () => {
    expect([0, 999, 1000, 1234567].map(count)).toEqual(["0", "999", "1,000", "1,234,567"]);
    expect([counted(1, "row"), counted(2000, "row")]).toEqual(["1 row", "2,000 rows"]);
    expect([420, 9949, 12_300, 184_000, 7_500_000].map(duration)).toEqual([
      "0.4 s",
      "9.9 s",
      "12 s",
      "3 min 04 s",
      "2 h 05 min",
    ]);
    expect(counted(2, "dependency", "dependencies")).toBe("2 dependencies");
    expect([0, 999, 1500, 999_960, 12_300_000].map(bytes)).toEqual([
      "0 B",
      "999 B",
      "1.5 kB",
      "1.0 MB",
      "12.3 MB",
    ]);
    expect(clock(new Date(2026, 0, 2, 3, 4, 5))).toBe("03:04:05");
    expect(moment("2026-03-01T12:00:00.000Z")).toBe("2026-03-01 08:30");
  });

  it("round a share up to 100 % only when it is whole", () => {
    expect([0, 0.5, 0.96849, 0.99999, 1].map(percent)).toEqual([
      "0.0 %",
      "50.0 %",
      "96.8 %",
      "99.9 %",
      "100.0 %",
    ]);
  });

  it("tell paths from the working folder when they lie in it", () => {
    expect(shortPath("/data/out/x", "/data")).toBe("out/x");
    expect(shortPath("/other/x", "/data")).toBe("/other/x");
    expect(shortPath("/data", "/data")).toBe("/data");
  });
});

describe("text on a terminal", () => {
  it("has its control and direction characters written out", () => {
    expect(printable("a\u001B[31m\nb\u202Ec\u009Bd")).toBe("a\\u001b[31m\\u000ab\\u202ec\\u009bd");
    expect(printable("Zürich 東京")).toBe("Zürich 東京");
  });

  it("is measured in terminal columns", () => {
    expect(["abc", "東京", "e\u0301", "\u001B[31mred\u001B[39m"].map(widthOf)).toEqual([
      3, 4, 1, 3,
    ]);
    expect([clip("abcdef", 4), clip("abc", 3), clip("東京都", 4)]).toEqual(["abc…", "abc", "東…"]);
  });
});

describe("colour", () => {
  const terminal = { write: () => true, isTTY: true };
  const pipe = { write: () => true };

  it("is for terminals, unless NO_COLOR or FORCE_COLOR says otherwise", () => {
    expect(isColoured(terminal, {})).toBe(true);
    expect(isColoured(pipe, {})).toBe(false);
    expect(isColoured(terminal, { NO_COLOR: "1" })).toBe(false);
    expect(isColoured(terminal, { NO_COLOR: "" })).toBe(true);
    expect(isColoured(terminal, { TERM: "dumb" })).toBe(false);
    expect(isColoured(pipe, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(true);
    expect(isColoured(terminal, { FORCE_COLOR: "0" })).toBe(false);
  });

  it("is undone after each text", () => {
    expect(styleOf(true).red("x")).toBe("\u001B[31mx\u001B[39m");
    expect(style.red("x")).toBe("x");
  });
});

describe("table", () => {
  it("aligns columns by their width on the screen", () => {
    const rows = [
      ["a", "1"],
      ["東京", "200"],
    ];
    expect(table({ head: ["name", "n"], right: [1] }, rows, style)).toEqual([
      "name    n",
      "a       1",
      "東京  200",
    ]);
  });

  it("cuts the widest columns that may be cut until it fits", () => {
    const rows = [["x".repeat(30), "y".repeat(20), "z"]];
    const [head, row] = table({ head: ["a", "b", "c"], cut: [0, 1] }, rows, style, 30);
    expect(row).toBe(`${"x".repeat(11)}…  ${"y".repeat(12)}…  z`);
    expect(head).toHaveLength(30);
  });
});

describe("runSummary", () => {
  it("shows datasets, reports and how the run ended", () => {
    expect(runSummary(result, options)).toEqual([
      expect.stringMatching(
        /^account {2}dataset {2}status +rows +quarantined +cells changed +quality {2}winner +time$/,
      ),
      expect.stringMatching(
        /^acme {5}orders {3}completed +2,410 → 2,398 +12 rows, 3 cells +1,830 +92\.1 → 96\.8 % +balanced +1\.4 s$/,
      ),
      "",
      "report of acme/orders: out/acme/orders/report.html",
      "",
      "completed: 1 of 1 account in 1.5 s, run r1, report checkpoints/logs/r1/report.html, log checkpoints/logs/r1/run.jsonl",
    ]);
  });

  it("shows each failure once, with its stack only when verbose", () => {
    const failed = { ...failedAccount, failure };
    const lines = runSummary({ ...result, accounts: [account, failed] }, options);
    expect(lines.filter((line) => line.includes("INPUT_MISSING"))).toEqual([
      "globex/x/loading: INPUT_MISSING: The input file does not exist. /data/x.csv",
    ]);
    expect(lines.join("\n")).not.toContain("at load");
    const verbose = runSummary({ ...result, accounts: [failed] }, { ...options, verbose: true });
    expect(verbose.join("\n")).toContain("      at load");
  });

  it("tells of datasets answered from an earlier run, duplicates removed and missing reports", () => {
    const other = { ...dataset, reused: true, reportPath: null, duplicatesRemoved: 4 };
    const text = runSummary(
      { ...result, accounts: [{ ...account, datasets: [other] }] },
      options,
    ).join("\n");
    expect(text).toContain("completed (reused)");
    expect(text).toContain("4 duplicates");
    expect(text).toContain("output of acme/orders: out/acme/orders");
  });

  it("has a line for an account without datasets", () => {
    const empty = { ...account, datasets: [], status: "FAILED" as const, failure };
    expect(runSummary({ ...result, accounts: [empty] }, options)[1]).toBe(
      "acme              failed",
    );
  });
});

describe("runStatus and runList", () => {
  it("show account by stage with times and counts", () => {
    const lines = runStatus(
      { run, tasks: [task], stages: [stageRecord], accounts: [account] },
      options,
    );
    expect(lines.slice(0, 5)).toEqual([
      "run r1 of demo: completed",
      "started 2026-03-01 08:30, ended 2026-03-01 08:30, taken up once, log checkpoints/logs/r1/run.jsonl",
      "",
      "account  dataset  stage      status      time  counts",
      "acme     orders   profiling  completed  0.4 s  rows=2410 columns=11",
    ]);
  });

  it("show failures of stages once", () => {
    const stages = [{ ...stageRecord, status: "FAILED" as const, failure }];
    const lines = runStatus({ run, tasks: [], stages, accounts: [failedAccount] }, options);
    expect(lines.filter((line) => line.includes("INPUT_MISSING"))).toHaveLength(1);
  });

  it("say so when there is nothing", () => {
    expect(runList([], options)).toEqual(["No runs yet."]);
    expect(runStatus({ run, tasks: [], stages: [], accounts: [] }, options).at(-1)).toBe(
      "No stage has begun yet.",
    );
  });

  it("list runs", () => {
    const unfinished = { ...run, runId: "r2", status: "RUNNING" as const, endedAt: null };
    const [, first, second] = runList([unfinished, run], options);
    expect(first).toMatch(/^r2 +demo +prepare +running +2026-03-01 08:30 +acme$/);
    expect(second).toMatch(/^r1 +demo +prepare +completed +2026-03-01 08:30 +4\.0 s +acme$/);
  });
});

const daily: RunResult = {
  run: dailyRun,
  tasks: dailyTasks,
  accounts: [
    { ...account, status: "FAILED", tasks: { COMPLETED: 2, FAILED: 1, SKIPPED: 2 } },
    { ...account, account: "globex", status: "WAITING", datasets: [], tasks: { WAITING: 1 } },
  ],
  durationMs: 5000,
};

/** The last line of its summary when it ended so. */
function last(status: typeof run.status, interrupted = false): string | undefined {
  const ended = { ...daily, run: { ...dailyRun, status } };
  return runSummary(ended, { ...options, interrupted }).at(-1);
}

describe("a run of a workflow", () => {
  it("has its tasks by status, each failure, what it waits for and how to go on in its summary", () => {
    expect(runSummary(daily, options).slice(3)).toEqual([
      "account  tasks  completed  failed  skipped  waiting",
      "acme         5          2       1        2",
      "globex       2          1                         1",
      "",
      "report of acme/orders: out/acme/orders/report.html",
      "",
      "acme/upload: COMMAND_FAILED: Exit 3.",
      "  what to do: See its output.",
      "",
      "acme: 2 tasks skipped: upload failed",
      "globex/upload waits: it is not known whether put took place",
      "  what to do: data-wrangler resolve r2 --task upload --account globex --as done (or not-done)",
      "",
      "waiting: 0 of 2 accounts in 5.0 s, run r2, log checkpoints/logs/r1/run.jsonl",
      "When that is said, go on with: data-wrangler resume r2",
    ]);
  });

  it("counts the accounts that have not ended as well", () => {
    const three = { ...dailyRun, accounts: ["acme", "globex", "third"] };
    const text = runSummary({ ...daily, run: three, accounts: [account] }, options).join("\n");
    expect(text).toContain("waiting: 1 of 3 accounts in");
  });

  it("says what to type when it was interrupted, failed or canceled", () => {
    expect(last("WAITING", true)).toBe("Go on with: data-wrangler resume r2");
    expect(last("FAILED")).toBe("Run what was not done again with: data-wrangler retry r2");
    expect(last("CANCELED")).toBe("Run what was not done again with: data-wrangler retry r2");
    expect(last("COMPLETED")).toContain("report checkpoints/logs/r1/report.html, log");
  });

  it("asks about the innermost task only", () => {
    const [waiting] = dailyTasks.slice(-1);
    const tasks = [waiting!, { ...waiting!, task: "upload/put" }];
    const text = runSummary({ ...daily, tasks }, options).join("\n");
    expect(text.match(/waits: /g)).toHaveLength(1);
    expect(text).toContain("--task upload/put --account globex");
  });

  it("stands as a tree of accounts, tasks and stages in its status", () => {
    const stages = [stageRecord];
    expect(runStatus({ ...daily, stages }, options)).toEqual([
      "run r2 of demo, workflow daily: waiting",
      expect.stringContaining("not finished, taken up once"),
      "",
      "account, task, stage  status     attempts   time  what",
      "acme                  failed",
      "  load                completed         2  2.0 s",
      "  prepare             completed         1  2.0 s",
      "    orders profiling  completed            0.4 s  rows=2410 columns=11",
      "  upload              failed            3  2.0 s  Exit 3.",
      "  mail                skipped                     upload failed",
      "  log                 skipped                     mail skipped",
      "globex                waiting",
      "  load                completed         1  2.0 s",
      "  upload              waiting           1         it is not known whether put took place",
      "",
      "x: COMMAND_FAILED: Exit 3.",
      "  what to do: See its output.",
      "",
      "acme: 2 tasks skipped: upload failed",
      "globex/upload waits: it is not known whether put took place",
      "  what to do: data-wrangler resolve r2 --task upload --account globex --as done (or not-done)",
    ]);
  });

  const history: RunHistory = {
    ...daily,
    stages: [],
    attempts: [
      attempt,
      {
        ...attempt,
        attempt: 2,
        round: 2,
        next: null,
        status: "IN_PROGRESS",
        endedAt: null,
        failure: null,
      },
    ],
    effects: [
      effect,
      { ...effect, status: "DONE", reason: "probe", settledAt: "2026-03-01T12:00:04.000Z" },
    ],
    events: [happened({ type: "run-draining", reason: "paused" })],
  };

  it("has attempts, decisions and effects in its history", () => {
    const lines = historyLines(history, false, options);
    expect(lines.slice(3, 7)).toEqual([
      "acme",
      "  load (download) completed, 2.0 s, 2 attempts",
      "  prepare completed, 2.0 s",
      "  upload (command) failed, 2.0 s, 3 attempts",
    ]);
    expect(lines.slice(7, 9)).toEqual([
      expect.stringMatching(
        /^ {4}attempt 1 2026-03-01 \d\d:30:00 failed, 2\.0 s: COMMAND_FAILED: Exit 3\. → retry in 4\.0 s$/,
      ),
      expect.stringMatching(/^ {4}attempt 2 of round 2 2026-03-01 \d\d:30:00 in progress$/),
    ]);
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(/^ {4}effect put .* uncertain \(the process ended\), key k1$/),
      expect.stringMatching(/^ {4}effect put .* done, was uncertain \(probe\), key k1$/),
    ]);
  });

  it("has events in its history when asked for", () => {
    expect(historyLines(history, true, options).at(-1)).toBe(
      "1 12:03:01 run r1 ends after the tasks at work: paused",
    );
    const none = { ...history, tasks: [], attempts: [], effects: [] };
    expect(historyLines(none, false, options).at(-1)).toBe("No task has begun yet.");
  });
});

describe("planLines", () => {
  const load = {
    task: "load",
    kind: "download",
    dependsOn: [],
    trigger: "all_success",
    critical: false,
    wave: 0,
    expectedMs: 2000,
    onCriticalPath: true,
    takenFrom: null,
  };
  const mail = { ...load, task: "mail", kind: "email", dependsOn: ["load"], wave: 1 };
  const tasks = [mail, { ...load, task: "note", expectedMs: null, onCriticalPath: false }, load];

  it("shows waves and the longest path, once for accounts with the same plan", () => {
    const other = [{ ...load, critical: true, takenFrom: "r0" }];
    const report: PlanReport = {
      workflow: "daily",
      accounts: [
        { account: "acme", tasks, expectedMs: 4000 },
        { account: "initech", tasks: other, expectedMs: null },
        { account: "globex", tasks, expectedMs: 4000 },
      ],
    };
    expect(planLines(report, options)).toEqual([
      "workflow daily for acme, globex: 3 tasks in 2 waves, about 4.0 s",
      "",
      "wave     task  kind      depends on  trigger      expected  note",
      "   1     note  download",
      "      *  load  download                              2.0 s",
      "   2  *  mail  email     load        all_success     2.0 s",
      "",
      "* on the longest path",
      "",
      "workflow daily for initech: 1 task in 1 wave",
      "",
      "wave     task  kind      depends on  trigger  expected  note",
      "   1  *  load  download                          2.0 s  critical, taken over from run r0",
      "",
      "* on the longest path",
    ]);
  });
});

describe("artifactSummary", () => {
  const profile = {
    dataset: "orders",
    rows: 3,
    columns: [
      {
        name: "n\u001B[2J",
        kind: "integer",
        kindShare: 0.95,
        nulls: 1,
        nullTokens: [{ value: "N/A", count: 2 }],
        distinct: 2,
        min: "1",
        max: "9",
        numbers: { min: 1, max: 20 },
        top: [{ value: "1", count: 2 }],
      },
    ],
    keys: [{ columns: ["n"], share: 0.9, violations: 1 }],
    duplicates: { rows: 1, groups: 1 },
    dependencies: [
      { determinant: ["a", "b"], dependent: "c", strength: 0.99, violations: 0 },
      { determinant: ["a"], dependent: "d", strength: 0.2, violations: 9 },
    ],
    quality: { completeness: 0.9 },
  };

  it("sums up a profile: columns, keys, strong dependencies, quality", () => {
    const text = artifactSummary({ stage: "profiling" }, profile, options).join("\n");
    expect(text).toContain("orders: 3 rows, 1 column, 1 duplicate row");
    expect(text).toMatch(/n\\u001b\[2J +integer 95\.0 % +3 +2 +1 +20 +1 \(2\)/);
    expect(text).toContain("key: n (1 row against it)");
    expect(text).toContain("depends: a + b → c\n");
    expect(text).not.toContain("→ d");
    expect(text).toContain("quality: completeness 90.0 %");
  });

  it("lists the best places of a ranking with their reasons", () => {
    const place = { title: "", value: 0.5, reason: "So." };
    const ranking = {
      policy: "pareto",
      winner: "all",
      places: [
        { ...place, rank: 1, candidateId: "all", qualified: true },
        { ...place, rank: 2, candidateId: "worse", qualified: false },
        { ...place, rank: 3, candidateId: "worst", qualified: false },
      ],
    };
    expect(artifactSummary({ stage: "ranking", top: 2 }, ranking, options)).toEqual([
      "policy pareto, winner all",
      "",
      "1. all 0.5000",
      "   So.",
      "2. worse 0.5000 not qualified",
      "   So.",
    ]);
  });

  it("lists candidates", () => {
    const recipe = { steps: [{ operation: "trim" }] };
    const candidate = {
      id: "all",
      title: "All",
      description: "Everything.",
      recipe,
      suggestions: [],
    };
    const [, line] = artifactSummary({ stage: "transformation" }, [candidate], options);
    expect(line).toMatch(/^all +All +1 +0 +Everything\.$/);
  });

  it("lists verdicts and the rules that were broken", () => {
    const verdict = {
      candidateId: "all",
      passed: false,
      rules: [
        { rule: "idempotence", hard: true, passed: true, message: "" },
        { rule: "mine", hard: false, passed: false, message: "3 rows" },
      ],
      recipe: { steps: [] },
      suggestions: [],
      accounting: { rowsQuarantined: 1, cellsChanged: 2, cellsQuarantined: 0 },
    };
    const lines = artifactSummary({ stage: "validation" }, [verdict], options);
    expect(lines[1]).toMatch(/^all +refused +1 of 2 +0 +0 +2 +1$/);
    expect(lines.at(-1)).toBe("all: mine (soft): 3 rows");
  });

  it("lists scores by metric", () => {
    const score = {
      candidateId: "all",
      value: 0.8,
      baseline: 0.9,
      parts: [{ metric: "validity", before: 0.5, after: 0.75 }],
      cost: { cellsChanged: 7, steps: 1 },
    };
    const [head, line] = artifactSummary({ stage: "scoring" }, [score], options);
    expect(head).toMatch(/candidate +score +gain +validity +cells changed/);
    expect(line).toMatch(/all +0\.8000 +-0\.1000 +75\.0 % +7/);
  });
});
