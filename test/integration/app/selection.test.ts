import { EventEmitter, once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { openStore } from "../../../src/stores/index.ts";
import { attemptsOf, statuses, taskOf, type WorkflowApp, workflowApp } from "./workflow-app.ts";

/** a → b → c, a → d; every start is marked, `b` fails while there is no file `mended`. */
async function chain(made: WorkflowApp) {
  const { config, path } = made;
  const mark = `mark: "${path("marks")}"`;
  return config(`
workflows:
  daily:
    tasks:
      a: { kind: module, path: work.mjs, with: { ${mark}, ms: 30, out: { v: 1 } } }
      b:
        kind: command
        command: [sh, -c, "echo start one b >> '${path("marks")}'; test -e '${path("mended")}'"]
        dependsOn: a
      c: { kind: module, path: work.mjs, dependsOn: b, with: { ${mark}, out: { v: "\${tasks.a.v}" } } }
      d: { kind: module, path: work.mjs, dependsOn: a, with: { ${mark} } }
accounts: [{ id: one }]
`);
}

/** Tasks that were begun since the last call, in the order of their ids. */
function startsOf({ path, write }: WorkflowApp) {
  return async (): Promise<string[]> => {
    const text = await readFile(path("marks"), "utf8").catch(() => "");
    await write("marks", "");
    const starts = text.split("\n").filter((line) => line.startsWith("start"));
    return starts.map((line) => line.split(" ")[2] ?? "").toSorted();
  };
}

test("one task alone, or from one on: the rest is taken over from the latest run that completed it", async () => {
  const made = await workflowApp();
  const { app, write } = made;
  const request = await chain(made);
  const starts = startsOf(made);
  await expect(app.run({ ...request, select: { only: "c" } })).rejects.toMatchObject({
    code: "RUN_UNKNOWN",
    message: expect.stringMatching(/(a, b|b, a) for account one/),
  });
  expect(await starts()).toEqual([]);
  await write("mended", "");
  const { run: first } = await app.run(request);
  expect(await starts()).toEqual(["a", "b", "c", "d"]);

  const only = await app.run({ ...request, select: { only: "c" } });
  expect(await starts()).toEqual(["c"]);
  expect(statuses(only)).toEqual({ a: "COMPLETED", b: "COMPLETED", c: "COMPLETED" });
  expect(only.tasks.map(({ task, takenFrom }) => [task, takenFrom])).toEqual([
    ["a", first.runId],
    ["b", first.runId],
    ["c", null],
  ]);
  expect(taskOf(only, "c").results).toMatchObject({ v: 1 });

  const from = await app.run({ ...request, select: { from: "b" } });
  expect(await starts()).toEqual(["b", "c"]);
  expect(taskOf(from, "a").takenFrom).toBe(only.run.runId);
  expect(statuses(from)).toEqual({ a: "COMPLETED", b: "COMPLETED", c: "COMPLETED" });

  await expect(app.run({ ...request, select: { only: "bb" } })).rejects.toMatchObject({
    code: "TASK_UNKNOWN",
    message: expect.stringContaining("Known: a, b, c, d"),
  });
});

test("only what failed in the latest run, and what was skipped for it, runs again", async () => {
  const made = await workflowApp();
  const { app, write } = made;
  const request = await chain(made);
  const starts = startsOf(made);
  const failed = await app.run(request);
  expect(statuses(failed)).toEqual({
    a: "COMPLETED",
    b: "FAILED",
    c: "SKIPPED",
    d: "COMPLETED",
  });
  await starts();
  await write("mended", "");
  const again = await app.run({ ...request, select: { failed: true } });
  expect(await starts()).toEqual(["b", "c"]);
  expect(again.run).toMatchObject({ status: "COMPLETED", round: 1 });
  expect(taskOf(again, "a").takenFrom).toBe(failed.run.runId);
  expect(taskOf(again, "b").takenFrom).toBeNull();
  expect(taskOf(again, "d").takenFrom).toBe(failed.run.runId);
});

test("nothing is taken over whose predecessors run again, or were made anew since", async () => {
  const made = await workflowApp();
  const { app, write, path } = made;
  const request = await chain(made);
  const starts = startsOf(made);
  const onlyFailed = { ...request, select: { failed: true } } as const;
  await write("mended", "");
  const { run: whole } = await app.run(request);
  await rm(path("mended"));
  const broken = await app.run({ ...request, select: { only: "b" } });
  expect(statuses(broken)).toMatchObject({ a: "COMPLETED", b: "FAILED" });
  await write("mended", "");
  await starts();
  const first = await app.run(onlyFailed);
  expect(await starts()).toEqual(["b", "c"]);
  expect(taskOf(first, "d").takenFrom).toBe(whole.runId);

  // All that is handed on from run to run was made where it was.
  await app.run({ ...request, select: { only: "c" } });
  await starts();
  expect((await app.run(onlyFailed)).run.status).toBe("COMPLETED");
  expect(await starts()).toEqual([]);

  await app.run({ ...request, select: { only: "a" } });
  await starts();
  const last = await app.run(onlyFailed);
  expect(await starts()).toEqual(["b", "c", "d"]);
  expect(taskOf(last, "a").takenFrom).not.toBeNull();
});

test("what follows a task that would be skipped again is taken over", async () => {
  const made = await workflowApp();
  const { app, config, write, path } = made;
  const starts = startsOf(made);
  const mark = `mark: "${path("marks")}"`;
  const request = await config(`
workflows:
  daily:
    tasks:
      a: { kind: module, path: work.mjs }
      mend: { kind: module, path: work.mjs, dependsOn: a, trigger: one_failed, with: { ${mark} } }
      note: { kind: module, path: work.mjs, dependsOn: mend, trigger: all_done, with: { ${mark} } }
      bad: { kind: command, command: [test, -e, "${path("mended")}"] }
      after: { kind: module, path: work.mjs, dependsOn: bad, with: { ${mark} } }
      last: { kind: module, path: work.mjs, dependsOn: after, trigger: all_done, with: { ${mark} } }
accounts: [{ id: one }]
`);
  const failed = await app.run(request);
  expect(statuses(failed)).toMatchObject({ mend: "SKIPPED", after: "SKIPPED" });
  expect(await starts()).toEqual(["last", "note"]);
  await write("mended", "");
  const again = await app.run({ ...request, select: { failed: true } });
  expect(await starts()).toEqual(["after", "last"]);
  expect(statuses(again)).toMatchObject({ mend: "SKIPPED", note: "COMPLETED", last: "COMPLETED" });
  await app.run({ ...request, select: { failed: true } });
  expect(await starts()).toEqual([]);
});

test("a plan tells waves, what is taken over, and the critical path by past durations; nothing runs", async () => {
  const made = await workflowApp();
  const { app, write } = made;
  const request = await chain(made);
  const starts = startsOf(made);
  const before = await app.plan(request);
  expect(before).toMatchObject({
    workflow: "daily",
    accounts: [{ account: "one", expectedMs: null }],
  });
  expect(
    before.accounts[0]?.tasks.map(({ task, wave, expectedMs }) => [task, wave, expectedMs]),
  ).toEqual([
    ["a", 0, null],
    ["b", 1, null],
    ["c", 2, null],
    ["d", 1, null],
  ]);
  await write("mended", "");
  const { run, tasks } = await app.run(request);
  await starts();
  const after = await app.plan(request);
  const [account] = after.accounts;
  for (const plan of account?.tasks ?? []) {
    expect(plan.expectedMs).toBe(taskOf({ tasks }, plan.task).durationMs);
  }
  const expected = (id: string) => taskOf({ tasks }, id).durationMs ?? 0;
  const long = expected("b") + expected("c") >= expected("d");
  const path = long ? ["a", "b", "c"] : ["a", "d"];
  expect(
    account?.tasks.flatMap(({ task, onCriticalPath }) => (onCriticalPath ? [task] : [])),
  ).toEqual(path);
  expect(account?.expectedMs).toBe(path.reduce((sum, id) => sum + expected(id), 0));
  const part = await app.plan({ ...request, select: { from: "b" } });
  expect(part.accounts[0]?.tasks.map(({ task, takenFrom }) => [task, takenFrom])).toEqual([
    ["a", run.runId],
    ["b", null],
    ["c", null],
  ]);
  expect(await starts()).toEqual([]);
  expect(await app.runs()).toHaveLength(1);
});

test("retry runs what did not complete again in a new round of the same run", async () => {
  const made = await workflowApp();
  const { app, write } = made;
  const request = await chain(made);
  const starts = startsOf(made);
  const { run } = await app.run(request);
  await expect(app.resume(run.runId)).rejects.toMatchObject({ code: "RUN_ENDED" });
  await starts();
  const still = await app.retry(run.runId);
  expect(await starts()).toEqual(["b"]);
  expect(still.run).toMatchObject({ status: "FAILED", round: 2 });
  await write("mended", "");
  const mended = await app.retry(run.runId);
  expect(await starts()).toEqual(["b", "c"]);
  expect(mended.run).toMatchObject({
    runId: run.runId,
    status: "COMPLETED",
    round: 3,
    attempts: 3,
  });
  expect(mended.tasks.map(({ task, round, attempts }) => [task, round, attempts])).toEqual([
    ["a", 1, 1],
    ["b", 3, 1],
    ["c", 3, 1],
    ["d", 1, 1],
  ]);
  const history = await app.history(run.runId);
  expect([1, 2, 3].map((round) => attemptsOf(history, "b", round).length)).toEqual([1, 1, 1]);
  const effects = history.effects.filter(({ task }) => task === "b");
  expect(effects.map(({ round, status }) => [round, status])).toEqual([
    [1, "NOT_DONE"],
    [2, "NOT_DONE"],
    [3, "DONE"],
  ]);
  expect(new Set(effects.map(({ key }) => key)).size).toBe(3);
  await expect(app.retry(run.runId)).rejects.toMatchObject({ code: "RUN_ENDED" });
  const ended = await app.resume(run.runId);
  expect(ended).toMatchObject({ run: { status: "COMPLETED" }, durationMs: 0 });
});

test("retry of one task runs it again although it completed, and of those after it what did not", async () => {
  const made = await workflowApp();
  const { app, write } = made;
  const request = await chain(made);
  const starts = startsOf(made);
  await write("mended", "");
  const { run } = await app.run(request);
  await starts();
  const again = await app.retry(run.runId, "b");
  expect(await starts()).toEqual(["b"]);
  expect(again.tasks.map(({ task, round }) => [task, round])).toEqual([
    ["a", 1],
    ["b", 2],
    ["c", 1],
    ["d", 1],
  ]);
  await expect(app.retry(run.runId, "x")).rejects.toMatchObject({ code: "TASK_UNKNOWN" });
  expect(await app.status(run.runId)).toMatchObject({ run: { status: "COMPLETED", round: 2 } });
});

test("fork starts a new run with the same settings, and takes over all that is not after a task", async () => {
  const made = await workflowApp();
  const { app, write, config } = made;
  const request = await chain(made);
  const starts = startsOf(made);
  await write("mended", "");
  const { run } = await app.run(request);
  await starts();
  await config("accounts: [{ id: other }]\n");
  const forked = await app.fork(run.runId, "b");
  expect(await starts()).toEqual(["b", "c"]);
  expect(forked.run).toMatchObject({ status: "COMPLETED", forkedFrom: run.runId, round: 1 });
  expect(forked.run.runId).not.toBe(run.runId);
  expect(forked.tasks.map(({ task, takenFrom }) => [task, takenFrom])).toEqual([
    ["a", run.runId],
    ["b", null],
    ["c", null],
    ["d", run.runId],
  ]);
  await expect(app.fork("nope", "b")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
});

test("retry of a nested workflow goes on where it failed; of its task by name, it starts afresh", async () => {
  const made = await workflowApp();
  const { app, config, path, write } = made;
  const starts = startsOf(made);
  const mark = `mark: "${path("marks")}"`;
  const request = await config(`
workflows:
  inner:
    tasks:
      x: { kind: module, path: work.mjs, with: { ${mark} } }
      y: { kind: command, command: [test, -e, "${path("mended")}"], dependsOn: x }
      z: { kind: module, path: work.mjs, dependsOn: y, with: { ${mark} } }
  daily: { tasks: { n: { kind: workflow, workflow: inner } } }
accounts: [{ id: one }]
`);
  const { run } = await app.run({ ...request, workflow: "daily" });
  expect(run.status).toBe("FAILED");
  expect(await starts()).toEqual(["n/x"]);
  await write("mended", "");
  const mended = await app.retry(run.runId);
  expect(await starts()).toEqual(["n/z"]);
  expect(statuses(mended)).toEqual({
    n: "COMPLETED",
    "n/x": "COMPLETED",
    "n/y": "COMPLETED",
    "n/z": "COMPLETED",
  });
  expect(taskOf(mended, "n/x").round).toBe(1);
  const afresh = await app.retry(run.runId, "n");
  expect(await starts()).toEqual(["n/x", "n/z"]);
  expect(afresh.run).toMatchObject({ status: "COMPLETED", round: 3 });
});

test("resume takes up the latest unfinished run that nobody executes", async () => {
  const made = await workflowApp();
  const { app, config, path, write } = made;
  const request = await config(`
workflows:
  daily: { tasks: { t: { kind: module, path: work.mjs, with: { gate: "${path("open")}" } } } }
accounts: [{ id: one }]
`);
  /** A run at work, and how to interrupt it. */
  const begin = async () => {
    const stop = new AbortController();
    const told = new EventEmitter();
    const ended = app.run(request, {
      signal: stop.signal,
      onEvent: (event) => void told.emit(event.type, event.runId),
    });
    const [runId] = await once(told, "task-started");
    return { runId: String(runId), stop, ended };
  };
  const first = await begin();
  first.stop.abort();
  expect((await first.ended).run.status).toBe("WAITING");
  const second = await begin();
  const again = new AbortController();
  const taken = await app.resume(undefined, {
    signal: again.signal,
    onEvent: (event) => event.type === "task-started" && again.abort(),
  });
  expect(taken.run).toMatchObject({ runId: first.runId, status: "WAITING", attempts: 2 });

  const third = await begin();
  await app.cancel(first.runId);
  await expect(app.resume()).rejects.toMatchObject({ code: "RUN_BUSY" });
  await write("open", "");
  for (const { ended } of [second, third]) expect((await ended).run.status).toBe("COMPLETED");
});

test("a new round that is interrupted waits, though an account had failed in the one before", async () => {
  const made = await workflowApp();
  const { app, config, path } = made;
  const request = await config(`
workflows:
  daily: { tasks: { t: { kind: module, path: work.mjs, with: { fail: 1, ms: 30 } } } }
accounts: [{ id: one }]
`);
  const { run, accounts } = await app.run(request);
  expect(run.status).toBe("FAILED");
  const store = openStore(path("checkpoints"));
  const failure = { code: "INTERNAL", message: "outside of its tasks", remedy: "", at: "one" };
  store.runs.putSummary(run.runId, { ...accounts[0]!, failure });
  store.close();
  const stop = new AbortController();
  const again = await app.retry(run.runId, undefined, {
    signal: stop.signal,
    onEvent: (event) => event.type === "task-started" && stop.abort(),
  });
  expect(again.run).toMatchObject({ status: "WAITING", round: 2 });
  expect(again.accounts).toEqual([]);
});
