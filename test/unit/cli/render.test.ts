import { describe, expect, it } from "vitest";
import {
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
import { runList, runStatus } from "../../../src/cli/render/run-status.ts";
import { runSummary, type SummaryOptions } from "../../../src/cli/render/summary.ts";
import { table } from "../../../src/cli/render/table.ts";
import { isColoured, styleOf } from "../../../src/cli/style.ts";
import { account, dataset, failedAccount, failure, result, run, stageRecord } from "./samples.ts";

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
      "completed: 1 of 1 account in 1.5 s, run r1, log checkpoints/logs/r1.jsonl",
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
    const lines = runStatus({ run, stages: [stageRecord], accounts: [account] }, options);
    expect(lines.slice(0, 5)).toEqual([
      "run r1 of demo: completed",
      "started 2026-03-01 08:30, ended 2026-03-01 08:30, taken up once, log checkpoints/logs/r1.jsonl",
      "",
      "account  dataset  stage      status      time  counts",
      "acme     orders   profiling  completed  0.4 s  rows=2410 columns=11",
    ]);
  });

  it("show failures of stages once", () => {
    const stages = [{ ...stageRecord, status: "FAILED" as const, failure }];
    const lines = runStatus({ run, stages, accounts: [failedAccount] }, options);
    expect(lines.filter((line) => line.includes("INPUT_MISSING"))).toHaveLength(1);
  });

  it("say so when there is nothing", () => {
    expect(runList([], options)).toEqual(["No runs yet."]);
    expect(runStatus({ run, stages: [], accounts: [] }, options).at(-1)).toBe(
      "No stage has begun yet.",
    );
  });

  it("list runs", () => {
    const unfinished = { ...run, runId: "r2", status: "RUNNING" as const, endedAt: null };
    const [, first, second] = runList([unfinished, run], options);
    expect(first).toMatch(/^r2 +demo +running +2026-03-01 08:30 +acme$/);
    expect(second).toMatch(/^r1 +demo +completed +2026-03-01 08:30 +4\.0 s +acme$/);
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
