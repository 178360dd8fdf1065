import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { defineTaskKind } from "../../../src/index.ts";
import { attemptsOf, eventsOf, statuses, taskOf, workflowApp } from "./workflow-app.ts";
import { z } from "zod";

test("a task takes results of others, variables, run and account by reference", async () => {
  const { app, config } = await workflowApp();
  const { run, tasks } = await app.run(
    await config(`
vars: { greeting: hello, list: [1, two] }
workflows:
  daily:
    tasks:
      a: { kind: module, path: work.mjs, with: { out: { files: [x.csv, y.csv], n: 7, none: null } } }
      b:
        kind: module
        path: work.mjs
        dependsOn: a
        with:
          out:
            whole: "\${tasks.a.files}"
            one: "\${tasks.a.files[1]}"
            number: "\${tasks.a.n}"
            within: "n=\${tasks.a.n} files=\${tasks.a.files} none=\${tasks.a.none}."
            vars: ["\${vars.greeting} \${account.id}", "\${vars.list}"]
            run: "\${run.id}"
            at: "\${run.scheduledAt}"
            literal: "$\${tasks.a.n}"
      c: { kind: command, command: [echo, "\${tasks.a.files}", "\${account.id}"], dependsOn: a }
accounts: [{ id: one }, { id: two, vars: { greeting: bye } }]
`),
  );
  expect(run).toMatchObject({ status: "COMPLETED", workflow: "daily", accounts: ["one", "two"] });
  expect(taskOf({ tasks }, "b", "one").results).toEqual({
    attempt: 1,
    whole: ["x.csv", "y.csv"],
    one: "y.csv",
    number: 7,
    within: 'n=7 files=["x.csv","y.csv"] none=.',
    vars: ["hello one", 1, "two"],
    run: run.runId,
    at: run.startedAt,
    literal: "${tasks.a.n}",
  });
  expect(taskOf({ tasks }, "b", "two").results["vars"]).toEqual(["bye two", 1, "two"]);
  expect(taskOf({ tasks }, "c", "two").results["stdoutTail"]).toBe("x.csv y.csv two\n");
});

test("a task starts as soon as its own predecessors have ended, whatever else is at work", async () => {
  const { app, config, path, write } = await workflowApp();
  const order: string[] = [];
  await app.run(
    await config(`
workflows:
  daily:
    tasks:
      slow: { kind: module, path: work.mjs, with: { gate: "${path("open")}" } }
      fast: { kind: module, path: work.mjs }
      after: { kind: module, path: work.mjs, dependsOn: fast }
      last: { kind: module, path: work.mjs, dependsOn: [after, slow] }
accounts: [{ id: one }]
`),
    {
      onEvent: (event) => {
        if (event.type !== "task-finished") return;
        order.push(event.task);
        if (event.task === "after") void write("open", "");
      },
    },
  );
  expect(order).toEqual(["fast", "after", "slow", "last"]);
});

test("after a failure the rules decide; status, error and duration of any task can be referred to", async () => {
  const { app, config } = await workflowApp();
  const { run, tasks, accounts } = await app.run(
    await config(`
workflows:
  daily:
    tasks:
      bad: { kind: command, command: [sh, -c, "echo broken >&2; exit 3"] }
      next: { kind: module, path: work.mjs, dependsOn: bad }
      far: { kind: module, path: work.mjs, dependsOn: next }
      note:
        kind: module
        path: work.mjs
        dependsOn: [bad, next]
        trigger: all_done
        with: { out: { status: "\${tasks.bad.status}", error: "\${tasks.bad.error}", ms: "\${tasks.bad.durationMs}", next: "\${tasks.next.status}" } }
      rescue: { kind: module, path: work.mjs, dependsOn: bad, trigger: all_failed }
accounts: [{ id: one }]
`),
  );
  expect(run.status).toBe("FAILED");
  expect(statuses({ tasks })).toEqual({
    bad: "FAILED",
    next: "SKIPPED",
    far: "SKIPPED",
    note: "COMPLETED",
    rescue: "COMPLETED",
  });
  expect(taskOf({ tasks }, "bad")).toMatchObject({
    attempts: 1,
    failure: { code: "COMMAND_FAILED", class: "ApplicationError", at: "one/bad" },
  });
  expect(taskOf({ tasks }, "next")).toMatchObject({
    attempts: 0,
    reason: expect.stringContaining("bad"),
  });
  expect(taskOf({ tasks }, "note").results).toMatchObject({
    status: "FAILED",
    error: expect.stringContaining("exit code 3"),
    ms: expect.any(Number),
    next: "SKIPPED",
  });
  expect(accounts).toMatchObject([
    { account: "one", status: "FAILED", tasks: { FAILED: 1, SKIPPED: 2, COMPLETED: 2 } },
  ]);
});

test("a reference to what is not there fails the task that makes it, and no other", async () => {
  const { app, config } = await workflowApp();
  const { tasks } = await app.run(
    await config(`
workflows:
  daily:
    tasks:
      a: { kind: module, path: work.mjs }
      b: { kind: module, path: work.mjs, dependsOn: a, with: { out: { v: "\${tasks.a.missing}" } } }
      c: { kind: module, path: work.mjs, dependsOn: a }
accounts: [{ id: one }]
`),
  );
  expect(statuses({ tasks })).toEqual({ a: "COMPLETED", b: "FAILED", c: "COMPLETED" });
  expect(taskOf({ tasks }, "b").failure).toMatchObject({ code: "REFERENCE_EMPTY" });
});

test("a nested workflow gives the results of its tasks; tried again it goes on where it failed", async () => {
  const { app, config, path } = await workflowApp();
  const { run, tasks } = await app.run(
    await config(`
workflows:
  inner:
    tasks:
      x: { kind: module, path: work.mjs, with: { mark: "${path("marks")}", out: { v: 1 } } }
      y:
        kind: command
        command: [sh, -c, "test -e '${path("flag")}' || { touch '${path("flag")}'; exit 9; }"]
        dependsOn: x
      z: { kind: module, path: work.mjs, dependsOn: y, with: { out: { v: "\${tasks.x.v}" } } }
  default:
    tasks:
      n: { kind: workflow, workflow: inner, retry: { attempts: 2, initial: 0ms } }
      after: { kind: module, path: work.mjs, dependsOn: n, with: { out: { v: "\${tasks.n.z.v}" } } }
accounts: [{ id: one }]
`),
  );
  expect(taskOf({ tasks }, "n").failure).toBeNull();
  expect(run.status).toBe("COMPLETED");
  expect(statuses({ tasks })).toEqual({
    n: "COMPLETED",
    "n/x": "COMPLETED",
    "n/y": "COMPLETED",
    "n/z": "COMPLETED",
    after: "COMPLETED",
  });
  expect(taskOf({ tasks }, "after").results).toMatchObject({ v: 1 });
  expect(taskOf({ tasks }, "n")).toMatchObject({ attempts: 2 });
  expect(await readFile(path("marks"), "utf8")).toBe("start one n/x 1\nend one n/x 1\n");
  const history = await app.history(run.runId);
  expect(attemptsOf(history, "n")).toEqual(["FAILED: retry in 0.0 s", "COMPLETED"]);
});

test("a failure of a nested workflow is one of the task, of the same class", async () => {
  const { app, config } = await workflowApp();
  const { tasks } = await app.run(
    await config(`
workflows:
  inner:
    tasks:
      x: { kind: module, path: work.mjs, retry: 1, with: { fail: 9, errorClass: ResourceError } }
      y: { kind: module, path: work.mjs, dependsOn: x }
  default:
    tasks:
      n: { kind: workflow, workflow: inner }
accounts: [{ id: one }]
`),
  );
  expect(statuses({ tasks })).toEqual({ n: "FAILED", "n/x": "FAILED", "n/y": "SKIPPED" });
  expect(taskOf({ tasks }, "n").failure).toMatchObject({
    class: "ResourceError",
    message: expect.stringContaining("n/x"),
  });
});

test("kinds of a user's own come from modules; accounts need no inputs where no task reads them", async () => {
  const { app, config, write } = await workflowApp();
  // The package's own name does not resolve from a temporary folder: the test hands over what it has.
  Reflect.set(globalThis, "given", { defineTaskKind, z });
  await write(
    "kinds.mjs",
    `const { defineTaskKind, z } = globalThis.given;
defineTaskKind({
  name: "double",
  description: "Doubles a number.",
  options: z.strictObject({ n: z.number().describe("The number.") }),
  results: { n: "Twice the number." },
  run: async ({ options, account, effect }) => ({
    n: options.n * 2,
    said: await effect({ name: "say", cause: async (key) => account + " " + key.length }),
  }),
});
`,
  );
  const { run, tasks } = await app.run(
    await config(`
modules: [kinds.mjs]
workflows:
  daily:
    tasks:
      a: { kind: double, n: 4 }
      b: { kind: double, n: "\${tasks.a.n}", dependsOn: a }
accounts: [{ id: one }]
`),
  );
  expect(taskOf({ tasks }, "b").results).toEqual({ n: 16, said: "one 64" });
  const { effects } = await app.history(run.runId);
  expect(effects).toMatchObject([
    { task: "a", effect: "say", status: "DONE", outcome: "one 64", wasUncertain: false },
    { task: "b", effect: "say", status: "DONE", round: 1 },
  ]);
  const wrong = config(`
modules: [kinds.mjs]
workflows: { daily: { tasks: { a: { kind: double, n: four } } } }
accounts: [{ id: one }]
`);
  await expect(wrong.then((request) => app.run(request))).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
});

test("what happened is told in order, to each listener of its own run", async () => {
  const { app, config } = await workflowApp();
  const told: string[] = [];
  const { run } = await app.run(
    await config(`
workflows: { daily: { tasks: { a: { kind: module, path: work.mjs, with: { fail: 1 }, retry: { attempts: 2, initial: 0ms } } } } }
accounts: [{ id: one }]
`),
    { onEvent: ({ type }) => told.push(type) },
  );
  expect(told).toEqual([
    "run-started",
    "account-started",
    "task-started",
    "task-retrying",
    "task-started",
    "task-finished",
    "account-finished",
    "run-finished",
  ]);
  const { events } = await app.history(run.runId);
  expect(events.map(({ type }) => type)).toEqual(told);
  expect(eventsOf(events, "task-retrying")).toMatchObject([{ attempt: 1, delayMs: 0 }]);
});
