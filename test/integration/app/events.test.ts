import { expect, test } from "vitest";
import type { ProgressEvent } from "../../../src/index.ts";
import { eventsOf, statuses, type WorkflowApp, workflowApp } from "./workflow-app.ts";

/** Two accounts; `late` waits for the file `open`. */
const daily = ({ config, path }: WorkflowApp) =>
  config(`
workflows:
  inner: { tasks: { x: { kind: module, path: work.mjs } } }
  daily:
    tasks:
      a: { kind: module, path: work.mjs }
      n: { kind: workflow, workflow: inner, dependsOn: a }
      b: { kind: module, path: work.mjs, dependsOn: a }
      late: { kind: module, path: work.mjs, dependsOn: b, with: { gate: "${path("open")}" } }
      last: { kind: module, path: work.mjs, dependsOn: late }
accounts: [{ id: one }, { id: two }]
`);

/** Aborts once the task has started in both accounts. */
function whenBothStarted(task: string, then: () => void): (event: ProgressEvent) => void {
  const started = new Set<string>();
  return (event) => {
    if (event.type !== "task-started" || event.task !== task) return;
    started.add(event.account);
    if (started.size === 2) then();
  };
}

test("numbers of events rise over resumes and accounts; every task that ended is told once", async () => {
  const made = await workflowApp();
  const { app, write } = made;
  const request = { ...(await daily(made)), workflow: "daily" };
  const controller = new AbortController();
  const told: number[] = [];
  const count = ({ seq }: ProgressEvent) => told.push(seq);
  const stop = whenBothStarted("late", () => controller.abort());
  const first = await app.run(request, {
    signal: controller.signal,
    onEvent: (event) => {
      count(event);
      stop(event);
    },
  });
  expect(first.run.status).toBe("WAITING");
  expect(statuses(first, "two")).toMatchObject({
    a: "COMPLETED",
    b: "COMPLETED",
    late: "IN_PROGRESS",
  });
  await write("open", "");
  const second = await app.resume(first.run.runId, { onEvent: count });
  expect(second.run).toMatchObject({ status: "COMPLETED", attempts: 2 });
  const { events, attempts } = await app.history(first.run.runId);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  expect(told).toEqual(events.map(({ seq }) => seq));
  const finished = eventsOf(events, "task-finished").map(
    ({ account, task }) => `${account}/${task}`,
  );
  const ids = ["a", "b", "last", "late", "n", "n/x"];
  expect(finished.toSorted()).toEqual(
    ["one", "two"].flatMap((account) => ids.map((id) => `${account}/${id}`)),
  );
  expect(eventsOf(events, "run-started").map(({ resumed }) => resumed)).toEqual([false, true]);
  expect(
    eventsOf(events, "account-finished")
      .map(({ summary }) => summary.account)
      .toSorted(),
  ).toEqual(["one", "two"]);
  const late = attempts.filter(({ account, task }) => account === "one" && task === "late");
  expect(late.map(({ attempt, status }) => [attempt, status])).toEqual([
    [1, "CANCELED"],
    [2, "COMPLETED"],
  ]);
});

test("who watches a run sees what was told before and what comes, until it ends", async () => {
  const made = await workflowApp();
  const { app, write } = made;
  const request = { ...(await daily(made)), workflow: "daily" };
  const seen: ProgressEvent[] = [];
  let watching: Promise<void> | undefined;
  const watch = async (runId: string) => {
    for await (const event of app.watch(runId)) {
      seen.push(event);
      if (event.type === "task-started" && event.task === "late") await write("open", "");
    }
  };
  const { run } = await app.run(request, {
    onEvent: ({ type, runId }) => {
      if (type === "task-finished") watching ??= Promise.resolve(runId).then(watch);
    },
  });
  await watching;
  const { events } = await app.history(run.runId);
  expect(seen).toEqual(events);
  expect(seen.at(-1)).toMatchObject({ type: "run-finished", status: "COMPLETED" });
});

test("a run that is asked to pause stops after the tasks at work, and goes on later", async () => {
  const made = await workflowApp();
  const { app, write } = made;
  const request = { ...(await daily(made)), workflow: "daily" };
  let paused: Promise<unknown> | undefined;
  const { run, tasks } = await app.run(request, {
    onEvent: (event) => {
      if (event.type === "task-started" && event.task === "late") {
        paused ??= app.pause(event.runId);
      }
      if (event.type === "run-draining") void write("open", "");
    },
  });
  expect(await paused).toMatchObject({ runId: run.runId, status: "WAITING" });
  expect(statuses({ tasks }, "one")).toMatchObject({ late: "COMPLETED" });
  expect(statuses({ tasks }, "one")).not.toHaveProperty("last");
  const done = await app.resume(run.runId);
  expect(done.run.status).toBe("COMPLETED");
  const { events } = await app.history(run.runId);
  expect(eventsOf(events, "run-draining")).toMatchObject([
    { reason: expect.stringContaining("paused") },
  ]);
});

test("a run that is canceled ends for good; retry runs what was canceled", async () => {
  const made = await workflowApp();
  const { app, write } = made;
  const request = { ...(await daily(made)), workflow: "daily" };
  let canceled: Promise<unknown> | undefined;
  const { run, tasks } = await app.run(request, {
    onEvent: whenBothStarted("late", () => {
      canceled = app.runs().then(([latest]) => app.cancel(latest?.runId ?? ""));
    }),
  });
  expect(await canceled).toMatchObject({ runId: run.runId, status: "CANCELED" });
  expect(run.status).toBe("CANCELED");
  expect(statuses({ tasks }, "two")).toMatchObject({
    a: "COMPLETED",
    late: "CANCELED",
    last: "CANCELED",
  });
  await expect(app.resume(run.runId)).rejects.toMatchObject({ code: "RUN_ENDED" });
  await expect(app.cancel(run.runId)).rejects.toMatchObject({ code: "RUN_ENDED" });
  await write("open", "");
  const again = await app.retry(run.runId);
  expect(again.run).toMatchObject({ status: "COMPLETED", round: 2 });
  expect(
    again.tasks
      .filter(({ round }) => round === 2)
      .map(({ task }) => task)
      .toSorted(),
  ).toEqual(["last", "last", "late", "late"]);
});
