import { readFileSync, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { type WorkflowApp, workflowApp } from "./workflow-app.ts";

interface Line {
  readonly what: string;
  readonly account: string;
  readonly task: string;
}

/** What tasks marked when they started and ended, in that order. */
async function marks({ path }: WorkflowApp): Promise<Line[]> {
  const text = await readFile(path("marks"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [what = "", account = "", task = ""] = line.split(" ");
      return { what, account, task };
    });
}

/** Most tasks at work at once among those that count. */
function peak(lines: readonly Line[], counts: (line: Line) => boolean = () => true): number {
  let now = 0;
  let most = 0;
  for (const line of lines.filter(counts)) {
    now += line.what === "start" ? 1 : -1;
    most = Math.max(most, now);
  }
  expect(now).toBe(0);
  return most;
}

const ACCOUNTS = "[{ id: one }, { id: two, maxParallel: 2 }, { id: three }]";

/** So many independent tasks, each marking its start and end. */
function flood({ path }: WorkflowApp, count: number, more = ""): string {
  return Array.from(
    { length: count },
    (_, i) =>
      `t${i}: { kind: module, path: work.mjs, with: { mark: "${path("marks")}", ms: 5 }${more} }`,
  ).join("\n      ");
}

const config = (tasks: string, top = "", workflow = "") => `
${top}
workflows:
  daily:
    ${workflow || "onCriticalFailure: cancel"}
    tasks:
      ${tasks}
accounts: ${ACCOUNTS}
`;

test.each([
  ["of the workflow is for each account", "", "maxParallel: 3", { one: 3, two: 2, three: 3 }, 8],
  ["global is for all accounts", "maxParallel: 4", "", {}, 4],
  ["of a kind", "kindLimits: { module: 5 }", "", {}, 5],
  ["that is named", "limits: { portal: 2 }", "", {}, 2],
])("a limit %s is reached and never exceeded", async (_name, top, workflow, each, all) => {
  const made = await workflowApp();
  const tasks = flood(made, 12, top.startsWith("limits") ? ", limits: portal" : "");
  const { run } = await made.app.run(await made.config(config(tasks, top, workflow)));
  expect(run.status).toBe("COMPLETED");
  const lines = await marks(made);
  expect(lines).toHaveLength(72);
  expect(peak(lines)).toBe(all);
  for (const [account, most] of Object.entries(each)) {
    expect(peak(lines, (line) => line.account === account)).toBe(most);
  }
  expect(peak(lines, (line) => line.account === "two")).toBeLessThanOrEqual(2);
});

test("limits hold over runs that are at work at once; that of the workflow is for each of them", async () => {
  const made = await workflowApp();
  const { app, path, write } = made;
  const held = `kind: module, path: work.mjs, with: { mark: "${path("marks")}", gate: "${path("gate")}" }`;
  const tasks = Array.from({ length: 10 }, (_, i) => `t${i}: { ${held} }`).join("\n      ");
  const request = await made.config(config(tasks, "maxParallel: 8", "maxParallel: 3"));
  await write("marks", "");
  // Three of account one in each run, and two of account two: all are held until they are there.
  const watcher = watch(path("marks"), () => {
    if (readFileSync(path("marks"), "utf8").split("start ").length > 8) void write("gate", "");
  });
  onTestFinished(() => watcher.close());
  const runs = await Promise.all([
    app.run({ ...request, accounts: ["one"] }),
    app.run({ ...request, accounts: ["one", "two"] }),
  ]);
  expect(runs.map(({ run }) => run.status)).toEqual(["COMPLETED", "COMPLETED"]);
  const lines = await marks(made);
  expect(lines).toHaveLength(60);
  expect(peak(lines)).toBeLessThanOrEqual(8);
  expect(peak(lines, ({ account }) => account === "one")).toBe(6);
  expect(peak(lines, ({ account }) => account === "two")).toBe(2);
});

test("each run goes by the limits of its own configuration, whatever else is begun beside it", async () => {
  const made = await workflowApp();
  const { app, path, write } = made;
  await made.config(config(flood(made, 8, ", limits: portal"), "limits: { portal: 1 }"));
  await write(
    "other.yaml",
    config("t: { kind: module, path: work.mjs, with: { ms: 5 } }", "limits: { portal: 9 }"),
  );
  let other: Promise<unknown> | undefined;
  const { run } = await app.run(
    { configPath: path("pipeline.yaml") },
    {
      onEvent: (event) => {
        if (event.type === "task-finished") other ??= app.run({ configPath: path("other.yaml") });
      },
    },
  );
  await other;
  expect(run.status).toBe("COMPLETED");
  expect(peak(await marks(made))).toBe(1);
});

test("a nested workflow takes no place itself: with one place in all it still gets on", async () => {
  const made = await workflowApp();
  const { app } = made;
  const { run } = await app.run({
    ...(await made.config(`
maxParallel: 1
workflows:
  inner:
    tasks:
      ${flood(made, 3)}
  daily:
    tasks:
      n: { kind: workflow, workflow: inner }
      m: { kind: workflow, workflow: inner }
accounts: [{ id: one, maxParallel: 1 }]
`)),
    workflow: "daily",
  });
  expect(run.status).toBe("COMPLETED");
  expect(peak(await marks(made))).toBe(1);
});

test("a flood in one account does not hold up the single task of another", async () => {
  const made = await workflowApp();
  const ended: string[] = [];
  await made.config(`
maxParallel: 1
workflows:
  flood:
    tasks:
      ${flood(made, 30)}
  single: { tasks: { t: { kind: module, path: work.mjs } } }
accounts: [{ id: one }, { id: two }]
`);
  const configPath = made.path("pipeline.yaml");
  let single: Promise<unknown> | undefined;
  await made.app.run(
    { configPath, workflow: "flood", accounts: ["one"] },
    {
      onEvent: (event) => {
        if (event.type !== "task-finished") return;
        ended.push(event.task);
        single ??= made.app
          .run({ configPath, workflow: "single", accounts: ["two"] })
          .then(() => ended.push("single"));
      },
    },
  );
  await single;
  expect(ended).toHaveLength(31);
  expect(ended.indexOf("single")).toBeLessThan(25);
});
