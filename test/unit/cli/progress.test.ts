import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../../../src/cli/index.ts";
import { Board } from "../../../src/cli/progress/board.ts";
import { frame } from "../../../src/cli/progress/frame.ts";
import { PlainProgress, plainLine } from "../../../src/cli/progress/plain.ts";
import { widthOf } from "../../../src/cli/printable.ts";
import { styleOf } from "../../../src/cli/style.ts";
import type {
  AccountSummary,
  RunHappening,
  Stage,
  StageHappening,
} from "../../../src/orchestration/index.ts";
import { fakeHost } from "./fake-host.ts";
import { account, AT, failedAccount, happened, result } from "./samples.ts";

const style = styleOf(false);
const started = {
  type: "run-started",
  workflow: "prepare",
  accounts: ["acme", "globex"],
  resumed: false,
} as const satisfies RunHappening;
const DAILY = ["load", "prepare", "upload"];

function stage(
  type: StageHappening["type"],
  name: Stage,
  of: Partial<StageHappening> = {},
): StageHappening {
  const counts: Record<string, number> =
    type === "stage-started" ? {} : { rows: 2410, columns: 11 };
  const message = type === "stage-failed" ? { message: "no such file" } : {};
  const place = { account: "acme", task: "prepare", dataset: "orders" };
  return { type, ...place, stage: name, durationMs: 400, counts, ...message, ...of };
}

/** A board that has taken these, all at {@link AT}, after a run of the default workflow began. */
function boardOf(...happenings: RunHappening[]): Board {
  const board = new Board();
  for (const happening of [started, ...happenings]) board.take(happened(happening));
  return board;
}

/** The same of a workflow with three tasks. */
function dailyBoard(...happenings: RunHappening[]): Board {
  return boardOf(
    { ...started, workflow: "daily" },
    { type: "account-started", account: "acme", tasks: DAILY },
    { type: "account-started", account: "globex", tasks: DAILY },
    ...happenings,
  );
}

describe("plainLine", () => {
  const upload = { account: "acme", task: "upload" };
  const finished = { type: "task-finished", ...upload, attempts: 1, durationMs: 400 } as const;

  it.each([
    [started, "run r1 started, accounts: acme, globex"],
    [{ ...started, resumed: true }, "run r1 resumed, accounts: acme, globex"],
    [{ ...started, workflow: "daily" }, "run r1 of daily started, accounts: acme, globex"],
    [{ type: "run-draining", reason: "paused" }, "run r1 ends after the tasks at work: paused"],
    [{ type: "account-started", account: "acme", tasks: [] }, "acme started"],
    [stage("stage-started", "profiling"), "acme/prepare/orders profiling started"],
    [
      stage("stage-finished", "profiling"),
      "acme/prepare/orders profiling done 0.4 s (rows=2410 columns=11)",
    ],
    [
      stage("stage-reused", "loading"),
      "acme/prepare/orders loading done before (rows=2410 columns=11)",
    ],
    [stage("stage-failed", "loading"), "acme/prepare/orders loading failed: no such file"],
    [
      { type: "engine-replaced", account: "acme", reason: "killed\n" },
      "acme engine replaced: killed\\u000a",
    ],
    [{ type: "task-ready", ...upload }, "acme/upload ready"],
    [
      { type: "task-started", ...upload, kind: "command", attempt: 2 },
      "acme/upload started, attempt 2",
    ],
    [
      {
        type: "task-retrying",
        ...upload,
        attempt: 1,
        delayMs: 4000,
        next: "retry in 4.0 s",
        message: "Exit 3.",
      },
      "acme/upload attempt 1 failed: Exit 3.; retry in 4.0 s",
    ],
    [{ ...finished, status: "COMPLETED", reason: null }, "acme/upload completed 0.4 s"],
    [
      { ...finished, status: "FAILED", attempts: 3, reason: "Exit 3." },
      "acme/upload failed 0.4 s after 3 attempts: Exit 3.",
    ],
    [
      { ...finished, status: "SKIPPED", attempts: 0, reason: "load failed" },
      "acme/upload skipped: load failed",
    ],
    [{ type: "task-waiting", ...upload, reason: "for you" }, "acme/upload waiting: for you"],
    [
      { type: "effect-uncertain", ...upload, effect: "put", key: "k1" },
      "acme/upload not known whether put took place (key k1)",
    ],
    [{ type: "account-finished", summary: account }, "acme completed"],
    [{ type: "run-finished", status: "COMPLETED", durationMs: 1500 }, "run r1 completed 1.5 s"],
  ] satisfies [RunHappening, string][])("tells of %o", (happening, said) => {
    expect(plainLine(happened(happening))).toBe(`12:03:01 ${said}`);
  });
});

/** What is told of these, without times. */
function told(...happenings: RunHappening[]): (string | undefined)[] {
  const plain = new PlainProgress();
  return happenings.map((happening) => plain.line(happened(happening))?.slice(9));
}

describe("PlainProgress", () => {
  const work: RunHappening[] = [
    { type: "task-ready", account: "acme", task: "prepare" },
    { type: "task-started", account: "acme", task: "prepare", kind: "prepare", attempt: 1 },
    stage("stage-started", "loading"),
    stage("stage-finished", "loading", { counts: {} }),
    {
      type: "task-finished",
      account: "acme",
      task: "prepare",
      status: "COMPLETED",
      attempts: 1,
      durationMs: 400,
      reason: null,
    },
  ];

  it("tells the ends of tasks and stages", () => {
    const begun: RunHappening = { type: "account-started", account: "acme", tasks: DAILY };
    expect(told(begun, ...work).filter(Boolean)).toEqual([
      "acme/prepare/orders loading done 0.4 s",
      "acme/prepare completed 0.4 s",
    ]);
  });

  it("does not name the only task of a configuration without workflows", () => {
    const begun: RunHappening = { type: "account-started", account: "acme", tasks: ["prepare"] };
    expect(told(begun, ...work).filter(Boolean)).toEqual(["acme/orders loading done 0.4 s"]);
  });
});

const screen = { columns: 100, rows: 24, now: AT.getTime() + 1000, style };

describe("frame of a configuration without workflows", () => {
  it("shows accounts waiting, then their datasets at work, done and failed", () => {
    const board = boardOf(
      { type: "account-started", account: "acme", tasks: ["prepare"] },
      stage("stage-finished", "loading"),
      stage("stage-started", "profiling"),
    );
    expect(frame(board, screen)).toEqual([
      "run r1  0 of 2 done  1.0 s",
      expect.stringMatching(/^. acme\/orders  ■······  profiling +1\.0 s$/),
      "· globex       ·······  waiting",
    ]);
    board.take(happened(stage("stage-failed", "profiling"), 500));
    board.take(happened({ type: "account-finished", summary: failedAccount }, 600));
    const [head, first, last] = frame(board, screen);
    expect(head).toBe("run r1  0 of 2 done, 2 failed  1.0 s");
    expect(first).toMatch(/^✘ acme\/orders .*profiling failed +0\.5 s/);
    expect(last).toMatch(/^✘ globex .*failed +0\.6 s/);
  });

  it("counts an account's datasets as done when it ends well", () => {
    const board = boardOf(stage("stage-finished", "apply"));
    board.take(happened({ type: "account-finished", summary: account }, 500));
    expect(frame(board, screen)[1]).toMatch(
      /^✔ acme\/orders  ■■■■■■■  done +0\.5 s  rows=2410 columns=11$/,
    );
  });

  it("never holds more lines, nor wider ones, than the screen", () => {
    const accounts = Array.from({ length: 50 }, (_, i) => `account-${i}-${"x".repeat(50)}`);
    const board = new Board();
    board.take(happened({ ...started, accounts }));
    board.take(happened(stage("stage-started", "loading", { account: accounts[40]! })));
    const lines = frame(board, { ...screen, columns: 60, rows: 10 });
    expect(lines).toHaveLength(9);
    expect(Math.max(...lines.map(widthOf))).toBeLessThan(60);
    expect(lines.at(-1)).toBe("… and 43 more");
    expect(lines.some((line) => line.includes("account-40-"))).toBe(true);
  });
});

describe("frame of a workflow", () => {
  const load = { account: "acme", task: "load" };
  const upload = { account: "acme", task: "upload" };
  const done = { type: "task-finished", status: "COMPLETED", attempts: 1, reason: null } as const;
  const retrying = {
    type: "task-retrying",
    ...upload,
    attempt: 1,
    delayMs: 5000,
    next: "retry in 5.0 s",
    message: "Exit 3.",
  } as const;

  it("shows accounts and what each of their tasks does", () => {
    const board = dailyBoard(
      { ...done, ...load, durationMs: 0 },
      { type: "task-started", account: "acme", task: "prepare", kind: "prepare", attempt: 1 },
      stage("stage-finished", "loading"),
      stage("stage-started", "profiling"),
      stage("stage-started", "loading", { dataset: "people" }),
      retrying,
      { type: "task-ready", account: "globex", task: "load" },
      { type: "task-waiting", account: "globex", task: "upload", reason: "put may have happened" },
    );
    expect(frame(board, screen).map((line) => line.replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/, "*"))).toEqual([
      "run r1 of daily  tasks: 1 of 6 done, 1 asking  1.0 s",
      "* acme        ■■·····  1 of 3 done              1.0 s",
      "  ✔ load      ■■■■■■■  done                     0.0 s",
      "  * prepare   ·······  profiling orders +1      1.0 s  rows=2410 columns=11",
      "  * upload    ·······  retry in 4.0 s           1.0 s  Exit 3.",
      "* globex      ·······  0 of 3 done, 1 asking    1.0 s",
      "  · load      ·······  waiting for its turn",
      "  · prepare   ·······",
      "  ? upload    ·······  waits for an answer             put may have happened",
    ]);
  });

  it("folds an account that is over, but for what went wrong", () => {
    const well: AccountSummary = { ...account, tasks: { COMPLETED: 3 } };
    const board = dailyBoard({ ...done, ...load, durationMs: 0 });
    board.take(happened({ type: "account-finished", summary: well }, 500));
    expect(frame(board, screen).filter((line) => line.includes("✔"))).toEqual([
      "✔ acme        ■■■■■■■  3 of 3 done       0.5 s",
    ]);
    const failed = { ...done, account: "globex", task: "load", status: "FAILED" } as const;
    board.take(happened({ ...failed, attempts: 2, durationMs: 300, reason: "Gone." }, 500));
    board.take(happened({ type: "account-finished", summary: failedAccount }, 700));
    expect(frame(board, screen).slice(2)).toEqual([
      "✘ globex      ■■·····  0 of 3 done, 1 failed      0.7 s",
      "  ✘ load      ·······  failed after 2 attempts    0.3 s  Gone.",
    ]);
  });

  it("shows tasks within others below them and does not count them", () => {
    const board = dailyBoard({
      type: "task-started",
      account: "acme",
      task: "load/fetch",
      kind: "download",
      attempt: 2,
    });
    const lines = frame(board, screen);
    expect(lines[0]).toContain("0 of 6 done");
    expect(lines[2]).toContain("load");
    expect(lines[3]).toMatch(/^ {4}. fetch +·{7} {2}attempt 2/);
  });

  it("keeps what is at work where there is no room for all", () => {
    const accounts = Array.from({ length: 20 }, (_, i) => `account-${i}`);
    const board = new Board();
    board.take(happened({ ...started, workflow: "daily", accounts }));
    for (const of of accounts) {
      board.take(happened({ type: "account-started", account: of, tasks: DAILY }));
    }
    board.take(
      happened({ type: "task-started", account: "account-3", task: "load", kind: "x", attempt: 1 }),
    );
    const lines = frame(board, { ...screen, columns: 60, rows: 26 });
    expect(lines).toHaveLength(25);
    expect(lines.at(-1)).toBe("… and 57 more");
    expect(lines.filter((line) => /^ {2}. load .*working/.test(line))).toHaveLength(1);
    expect(Math.max(...lines.map(widthOf))).toBeLessThan(60);
  });

  it("starts a task's time anew when a resumed run takes it up", () => {
    const board = dailyBoard({ type: "task-started", ...load, kind: "x", attempt: 1 });
    const resumed: RunHappening = { ...started, workflow: "daily", resumed: true };
    board.take(happened(resumed, 60_000));
    board.take(happened({ type: "account-started", account: "acme", tasks: DAILY }, 60_000));
    const lines = frame(board, { ...screen, now: AT.getTime() + 61_000 });
    expect(lines[0]).toContain("  1.0 s");
    expect(lines[2]).toBe("  · load      ·······");
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
      hooks?.onEvent?.(happened(started));
      for (let i = 0; i < 100; i++) hooks?.onEvent?.(happened(stage("stage-started", "loading")));
      vi.advanceTimersByTime(1000);
      hooks?.onEvent?.(happened({ type: "run-finished", status: "COMPLETED", durationMs: 1 }));
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
