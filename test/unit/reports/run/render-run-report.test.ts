import { describe, expect, test } from "vitest";
import type { TaskRecord } from "../../../../src/orchestration/index.ts";
import { renderRunReport, type RunReportInput } from "../../../../src/reports/index.ts";
import { textWidth } from "../../../../src/reports/workflow-graph/index.ts";
import { mistakes, section, tagsOf, textOf } from "../../../helpers/page-markup.ts";
import {
  attemptRecord,
  failedRunInput,
  NOT_BEGUN,
  quietRunInput,
  second,
  taskRecord,
} from "../../../helpers/run-report-input.ts";
import {
  booksWorkflow,
  taskDefinition,
  workflowDefinition,
} from "../../../helpers/workflow-definition.ts";

const failed = renderRunReport(failedRunInput());
const quiet = renderRunReport(quietRunInput());

/** The markup of one section. */
function markupOf(page: string, id: string): string {
  return page.split(`<section id="${id}"`)[1]?.split("</section>")[0] ?? "";
}

function titles(markup: string): string[] {
  return [...markup.matchAll(/<title>([^<]*)<\/title\s*>/g)].map(([, title = ""]) => title);
}

/** Classes of the bars of one task's row. */
function bars(page: string, title: string): string[] {
  const from = page.indexOf(`<title>${title}`);
  return [
    ...page.slice(from, page.indexOf("</g>", from)).matchAll(/<rect class="(rg-[a-z]+)"/g),
  ].map(([, look = ""]) => look);
}

/** Where the notes behind bars begin and end, and where the last bar of each row does. */
function notes(page: string) {
  const [, end = ""] = /viewBox="0 0 (\d+)/.exec(markupOf(page, "timeline")) ?? [];
  const rows = markupOf(page, "timeline").split('<g role="img"').slice(1);
  return rows.map((row) => {
    const [, look = "", x = "", text = ""] =
      /class="(rg-note[^"]*)" x="([\d.]+)" y="[\d.]+">([^<]*)</.exec(row) ?? [];
    const drawn = [
      ...row.matchAll(/<rect class="rg-(?!row|crit)[^>]* x="([\d.]+)"[^>]* width="([\d.]+)"/g),
    ];
    const bold = look.includes("rg-bad") ? 1.16 : 1;
    const width = textWidth(text, 11) * bold;
    const from = Number(x);
    const barEnd = Math.max(0, ...drawn.map(([, left, long]) => Number(left) + Number(long)));
    return { text, from, to: from + width, barEnd, pictureEnd: Number(end) };
  });
}

describe("the report of a failed run", () => {
  test("says in its headline what became of it", () => {
    expect(textOf(failed)).toContain(
      "Failed: of 20 tasks 17 completed, 1 failed, 2 skipped in 2 accounts. It is not known whether 1 effect outside took place: see below.",
    );
  });

  test("gives its figures", () => {
    const [, figures = ""] = failed.split('<dl class="figures">');
    expect(textOf(figures.split("</dl>")[0]!).trim()).toBe(
      "Duration 2 min 53 s Tasks completed 17 Tasks failed 1 Tasks skipped 2 Attempts 19 Longest wait: evening 31.0 s",
    );
  });

  test("has every section, and a link to each", () => {
    const ids = [...failed.matchAll(/<section\s+id="([a-z-]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([
      "failures",
      "timeline",
      "critical-path",
      "workflow",
      "tasks",
      "accounts",
      "effects",
    ]);
    expect([...failed.matchAll(/href="#([a-z-]+)"/g)].map(([, id]) => id)).toEqual(ids);
  });

  test("tells of a failure its message, its remedy and each attempt", () => {
    expect(section(failed, "failures")).toContain(
      "upload of north-shop The command ended with status 7: connect to files.example failed: ECONNREFUSED What to do: See whether the other side is up, then run `data-wrangler retry`. COMMAND_FAILED , NetworkError, at north-shop/upload Attempts failed, 9.0 s: The command ended with status 7: connect to files.example failed: ECONNREFUSED → retry in 4.0 s failed, 10.0 s:",
    );
  });

  test("draws waiting, attempts and the critical path apart", () => {
    expect(bars(failed, "north-shop · upload (")).toEqual([
      "rg-row",
      "rg-wait",
      "rg-failed",
      "rg-failed",
      "rg-failed",
      "rg-critical",
    ]);
    expect(bars(failed, "north-shop · afternoon (")).toEqual([
      "rg-row",
      "rg-wait",
      "rg-lost",
      "rg-work",
      "rg-critical",
    ]);
    expect(bars(failed, "südladen · excel (")).toEqual(["rg-row", "rg-wait", "rg-work"]);
    expect(bars(failed, "north-shop · email (")).toEqual(["rg-row"]);
  });

  test("says in words what each row of the timeline shows", () => {
    expect(titles(markupOf(failed, "timeline"))).toEqual(
      expect.arrayContaining([
        "north-shop · evening (download): completed; started after 31.0 s; waited 31.0 s; took 21.0 s",
        "north-shop · upload (command): failed; started after 1 min 56 s; took 49.0 s; 3 attempts; on the critical path",
        "südladen · afternoon (download): completed; taken over from run 2026-03-01-daily",
      ]),
    );
  });

  test("tells what the run's length consisted of", () => {
    const text = section(failed, "critical-path");
    expect(text).toContain(
      "6 tasks one after the other decided when the run ended, all in account north-shop : 2 min 53 s, of which 7.6 s waiting.",
    );
    expect(text).toContain("upload failed 0 ms 49.0 s 28.3 %");
  });

  test("draws the workflow with the gravest status of each task", () => {
    const drawn = titles(markupOf(failed, "workflow"));
    expect(drawn).toContain("upload (command); after excel; critical; failed");
    expect(drawn).toContain(
      "email (email); after upload, nightly, profile-of-the-customers-table; trigger: all_done; skipped",
    );
    const nested = new Map([["nightly", booksWorkflow()]]);
    const whole = renderRunReport({ ...failedRunInput(), nested });
    expect(titles(markupOf(whole, "workflow"))).toContain("fetch (download); completed");
  });

  test("tells of every task what became of it and why", () => {
    const text = section(failed, "tasks");
    expect(text).toContain(
      "upload command failed 3 49.0 s The command ended with status 7: connect to files.example failed: ECONNREFUSED See whether the other side is up",
    );
    expect(text).toContain("archive module skipped – – The critical task upload failed.");
    expect(text).toContain("Taken over from run 2026-03-01-daily .");
    expect(markupOf(failed, "tasks").match(/<tr/g)).toHaveLength(22);
  });

  test("lists the effects of which it is not known whether they took place", () => {
    const text = section(failed, "effects");
    expect(text).toContain("1 of 2 effects may or may not have taken place:");
    expect(text).toContain("email of südladen mail to orders@south.example uncertain");
    expect(text).not.toContain("2c624232cc221d17");
  });
});

describe("the timeline", () => {
  test.each([
    ["failed", 8],
    ["failed", 173_400],
    ["canceled", 59_900],
  ] as const)("has room for what it says behind its last bar: %s after %d ms", (word, ms) => {
    const status = word === "failed" ? "FAILED" : "CANCELED";
    const times: [number, number, number] = [0, 0, ms / 1000];
    const input = failedRunInput();
    const page = renderRunReport({
      ...input,
      run: { ...input.run, endedAt: second(ms / 1000) },
      tasks: [
        taskRecord("north-shop", "upload", times, { status }),
        taskRecord("north-shop", "excel", times),
      ],
      attempts: [],
    });
    const drawn = notes(page);
    expect(drawn).toHaveLength(2);
    expect(drawn.map(({ text }) => text).join()).toContain(`${word}, `);
    for (const { from, to, barEnd, pictureEnd } of drawn) {
      expect(from).toBeGreaterThanOrEqual(barEnd);
      expect(to).toBeLessThanOrEqual(pictureEnd);
    }
  });
});

describe("the report of a run without trouble", () => {
  test("says so and leaves out what did not happen", () => {
    expect(textOf(quiet)).toContain("Completed: all 5 tasks completed.");
    expect(quiet).not.toContain('<section id="failures"');
    expect(section(quiet, "timeline")).not.toContain("failed attempt");
    expect(section(quiet, "effects")).toContain("No task had an effect outside.");
  });

  test("tells effects that are settled by now", () => {
    const [effect] = failedRunInput().effects;
    const effects = [{ ...effect!, status: "DONE" as const, reason: "person: done" }];
    const text = section(renderRunReport({ ...quietRunInput(), effects }), "effects");
    expect(text).toContain("Nothing is uncertain any more; 1 of 1 effect once was.");
    expect(text).toContain("took place person: done");
  });
});

describe("a run that has not ended", () => {
  const { run } = failedRunInput();

  test.each([
    ["RUNNING", "Still running:"],
    ["WAITING", "Stopped before its end; it can be resumed:"],
    ["CANCELED", "Canceled for good:"],
  ] as const)("%s is told as %s", (status, words) => {
    const input: RunReportInput = {
      ...failedRunInput(),
      run: { ...run, status, endedAt: null },
      tasks: [
        taskRecord("north-shop", "morning", [0, 1, 5]),
        taskRecord("north-shop", "evening", [0, 1, 5], { endedAt: null, status: "IN_PROGRESS" }),
        taskRecord("north-shop", "email", [0, 0, 0], {
          ...NOT_BEGUN,
          endedAt: null,
          status: "NOT_STARTED",
        }),
      ],
      attempts: [],
      effects: [],
    };
    const page = renderRunReport(input);
    expect(textOf(page)).toContain(
      `${words} of 3 tasks 1 completed, 1 in progress, 1 not started in 2 accounts.`,
    );
    expect(mistakes(page)).toEqual([]);
    expect(page).not.toMatch(/NaN|Infinity/);
  });

  test("before its first task has a page too", () => {
    const page = renderRunReport({ ...failedRunInput(), tasks: [], attempts: [], accounts: [] });
    expect(textOf(page)).toContain("no task was begun");
    expect(section(page, "critical-path")).toContain("No task has ended.");
    expect(mistakes(page)).toEqual([]);
  });
});

describe("a page", () => {
  const ATTACK = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;\u0000\u202E\uD800`;

  /** A run in which every text is an attack. */
  function attacked(): RunReportInput {
    const input = failedRunInput();
    const record = taskRecord(ATTACK, ATTACK, [0, 1, 2], {
      kind: ATTACK,
      status: "FAILED",
      reason: ATTACK,
      failure: { code: ATTACK, message: ATTACK, remedy: ATTACK, at: ATTACK },
    });
    return {
      run: {
        ...input.run,
        runId: ATTACK,
        pipeline: ATTACK,
        workflow: ATTACK,
        configPath: ATTACK,
        accounts: [ATTACK, "other"],
        forkedFrom: ATTACK,
      },
      tasks: [record, { ...record, account: "other", takenFrom: ATTACK }],
      attempts: [1, 2].map((n) => attemptRecord(ATTACK, ATTACK, n, [n, n + 1], { next: ATTACK })),
      effects: [
        {
          ...input.effects[0]!,
          account: ATTACK,
          task: ATTACK,
          effect: ATTACK,
          key: ATTACK,
          reason: ATTACK,
        },
      ],
      accounts: [{ ...input.accounts[0]!, account: ATTACK, failure: record.failure }],
      workflow: workflowDefinition(ATTACK, [taskDefinition(ATTACK, [], { kind: ATTACK })]),
      tool: ATTACK,
    };
  }

  test.each([
    ["failed", () => failed],
    ["quiet", () => quiet],
    ["attacked", () => renderRunReport(attacked())],
  ])("of a run %s is well-formed and runs nothing", (_, page) => {
    expect(mistakes(page())).toEqual([]);
    const tags = tagsOf(page());
    expect(tags.has("script") || tags.has("img")).toBe(false);
    expect(page()).toContain("default-src 'none'");
    expect(page()).not.toMatch(/\son[a-z]+\s*=\s*["']/);
    expect(["\u0000", "\u202E"].filter((character) => page().includes(character))).toEqual([]);
  });

  test("is the same for the same input", () => {
    expect(renderRunReport(failedRunInput())).toBe(failed);
  });
});

describe("a run of many tasks", () => {
  const tasks = Array.from({ length: 3000 }, (_, i): TaskRecord =>
    taskRecord("north-shop", `t${i}`, [i, i, i + 1 + (i % 300) / 10]),
  );
  const chain = workflowDefinition(
    "chain",
    tasks.map(({ task }, i) => taskDefinition(task, i === 0 ? [] : [`t${i - 1}`])),
  );
  const page = renderRunReport({
    ...failedRunInput(),
    tasks,
    attempts: [],
    accounts: [],
    workflow: chain,
  });

  test("shows the 200 that took longest and tells how many are left out", () => {
    const drawn = markupOf(page, "timeline");
    expect(drawn.match(/class="rg-name"/g)).toHaveLength(200);
    expect(titles(drawn)[0]).toMatch(/^north-shop · t280 /);
    expect(section(page, "timeline")).toContain("2 800 shorter tasks left out.");
  });

  test("stays smaller than 1 MB and says what it leaves out", () => {
    expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
    expect(section(page, "tasks")).toMatch(/[12] \d{3} more tasks not shown here/);
    expect(section(page, "workflow")).toContain("The 3 000 tasks of chain are too many");
  });
});
