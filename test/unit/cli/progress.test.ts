import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../../../src/cli/index.ts";
import { Board } from "../../../src/cli/progress/board.ts";
import { frame } from "../../../src/cli/progress/frame.ts";
import { plainLine } from "../../../src/cli/progress/plain.ts";
import { widthOf } from "../../../src/cli/printable.ts";
import { styleOf } from "../../../src/cli/style.ts";
import type { ProgressEvent, Stage } from "../../../src/orchestration/index.ts";
import { fakeHost } from "./fake-host.ts";
import { account, failedAccount, result } from "./samples.ts";

const runId = "r1";
const style = styleOf(false);
const started: ProgressEvent = {
  type: "run-started",
  runId,
  accounts: ["acme", "globex"],
  resumed: false,
};

function stage(
  type: "stage-started" | "stage-finished" | "stage-failed" | "stage-reused",
  name: Stage,
  of = "acme",
): ProgressEvent {
  const counts: Record<string, number> =
    type === "stage-started" ? {} : { rows: 2410, columns: 11 };
  const message = type === "stage-failed" ? { message: "no such file" } : {};
  return {
    type,
    runId,
    account: of,
    dataset: "orders",
    stage: name,
    durationMs: 400,
    counts,
    ...message,
  };
}

/** A board that has taken these events after the run began. */
function boardOf(...events: ProgressEvent[]): Board {
  const board = new Board();
  for (const event of [started, ...events]) board.take(event, 1000);
  return board;
}

describe("plainLine", () => {
  const at = new Date(2026, 2, 1, 12, 3, 1);

  it.each([
    [started, "run r1 started, accounts: acme, globex"],
    [{ ...started, resumed: true }, "run r1 resumed, accounts: acme, globex"],
    [{ type: "account-started", runId, account: "acme" }, "acme started"],
    [stage("stage-started", "profiling"), "acme/orders profiling started"],
    [
      stage("stage-finished", "profiling"),
      "acme/orders profiling done 0.4 s (rows=2410 columns=11)",
    ],
    [stage("stage-reused", "loading"), "acme/orders loading done before (rows=2410 columns=11)"],
    [stage("stage-failed", "loading"), "acme/orders loading failed: no such file"],
    [
      { type: "engine-replaced", runId, account: "acme", reason: "killed\n" },
      "acme engine replaced: killed\\u000a",
    ],
    [{ type: "account-finished", runId, summary: account }, "acme completed"],
    [
      { type: "run-finished", runId, status: "COMPLETED", durationMs: 1500 },
      "run r1 completed 1.5 s",
    ],
  ] satisfies [ProgressEvent, string][])("tells of %o", (event, said) => {
    expect(plainLine(event, at)).toBe(`12:03:01 ${said}`);
  });
});

describe("frame", () => {
  const screen = { columns: 80, rows: 24, now: 2000, style };

  it("shows accounts waiting, then their datasets at work, done and failed", () => {
    const board = boardOf(
      { type: "account-started", runId, account: "acme" },
      stage("stage-finished", "loading"),
      stage("stage-started", "profiling"),
    );
    expect(frame(board, screen)).toEqual([
      "run r1  0 of 2 done  1.0 s",
      expect.stringMatching(/^. acme\/orders  ■······  profiling +1\.0 s$/),
      "· globex       ·······  waiting",
    ]);
    board.take(stage("stage-failed", "profiling"), 1500);
    board.take({ type: "account-finished", runId, summary: failedAccount }, 1600);
    const [head, first, last] = frame(board, screen);
    expect(head).toBe("run r1  0 of 2 done, 2 failed  1.0 s");
    expect(first).toMatch(/^✘ acme\/orders .*profiling failed +0\.5 s/);
    expect(last).toMatch(/^✘ globex .*failed +0\.6 s/);
  });

  it("counts an account's datasets as done when it ends well", () => {
    const board = boardOf(stage("stage-finished", "apply"));
    board.take({ type: "account-finished", runId, summary: account }, 1500);
    expect(frame(board, screen)[1]).toMatch(
      /^✔ acme\/orders  ■■■■■■■  done +0\.5 s  rows=2410 columns=11$/,
    );
  });

  it("never holds more lines, nor wider ones, than the screen", () => {
    const accounts = Array.from({ length: 50 }, (_, i) => `account-${i}-${"x".repeat(50)}`);
    const board = new Board();
    board.take({ ...started, accounts }, 1000);
    board.take(stage("stage-started", "loading", accounts[40]), 1000);
    const lines = frame(board, { ...screen, columns: 60, rows: 10 });
    expect(lines).toHaveLength(9);
    expect(Math.max(...lines.map(widthOf))).toBeLessThan(60);
    expect(lines.at(-1)).toBe("… and 43 more");
    expect(lines.some((line) => line.includes("account-40-"))).toBe(true);
  });
});

describe("live progress", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const terminal = { isTTY: true, columns: 80, rows: 24 };
  const app: Parameters<typeof fakeHost>[0] = {
    run(_, hooks) {
      hooks?.onEvent?.(started);
      for (let i = 0; i < 100; i++) hooks?.onEvent?.(stage("stage-started", "loading"));
      vi.advanceTimersByTime(1000);
      hooks?.onEvent?.({ type: "run-finished", runId, status: "COMPLETED", durationMs: 1 });
      vi.advanceTimersByTime(1000);
      return Promise.resolve(result);
    },
  };

  it("redraws in place at most ten times a second and gives the cursor back", async () => {
    const host = fakeHost(app, { terminal });
    await main(["run", "-c", "p.yaml"], host);
    const pictures = host.stderr.text.split("run r1  ").length - 1;
    expect(pictures).toBe(12);
    expect(host.stderr.text).toContain("\u001B[3A\u001B[0J");
    expect(host.stderr.text.endsWith("\u001B[?25h")).toBe(true);
  });

  it.each([
    ["narrow", { terminal: { ...terminal, columns: 40 } }],
    ["dumb", { terminal, env: { TERM: "dumb" } }],
    ["of a build server", { terminal, env: { CI: "true" } }],
  ])("gives way to lines on a terminal that is %s", async (_, given) => {
    const host = fakeHost(app, given);
    await main(["run", "-c", "p.yaml"], host);
    expect(host.stderr.text).not.toContain("\u001B[");
    expect(host.stderr.text).toContain("12:03:01 run r1 completed");
  });
});
