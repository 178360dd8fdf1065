import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { openStore } from "../../../src/stores/index.ts";
import { runRecord } from "../../helpers/store-records.ts";
import { appOf, eventsOf, statuses, workflowApp, type WorkflowApp } from "./workflow-app.ts";

/** A run that was interrupted with tasks at work, one of them in a nested workflow. */
async function interrupted(made: WorkflowApp): Promise<string> {
  const { app, config, path } = made;
  const cleans = (name: string) =>
    `finally: [{ kind: module, path: work.mjs, with: { mark: "${path(name)}" } }]`;
  const request = await config(`
workflows:
  low: { tasks: {
    inner: { kind: module, path: work.mjs, export: hang, ${cleans("inner")} },
    after: { kind: module, path: work.mjs, dependsOn: inner } } }
  top: { tasks: {
    done: { kind: module, path: work.mjs },
    held: { kind: module, path: work.mjs, export: hang, ${cleans("held")} },
    nested: { kind: workflow, workflow: low },
    last: { kind: module, path: work.mjs, dependsOn: held, ${cleans("last")} } } }
accounts: [{ id: one }]
`);
  const stop = new AbortController();
  const begun = new Set<string>();
  const { run } = await app.run(
    { ...request, workflow: "top" },
    {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === "task-started" || event.type === "task-finished") begun.add(event.task);
        if (["held", "nested/inner", "done"].every((task) => begun.has(task))) stop.abort();
      },
    },
  );
  expect(run.status).toBe("WAITING");
  return run.runId;
}

test("a run that nobody executes is canceled like one at work: what had begun cleans up, all is told", async () => {
  const made = await workflowApp();
  const runId = await interrupted(made);
  expect(await made.app.cancel(runId)).toMatchObject({ status: "CANCELED", attempts: 1 });
  const history = await made.app.history(runId);
  expect(statuses(history)).toEqual({
    done: "COMPLETED",
    held: "CANCELED",
    "held/finally.1": "COMPLETED",
    nested: "CANCELED",
    "nested/inner": "CANCELED",
    "nested/inner/finally.1": "COMPLETED",
    "nested/after": "CANCELED",
    last: "CANCELED",
  });
  expect(await readFile(made.path("held"), "utf8")).toContain("end one");
  expect(await readFile(made.path("inner"), "utf8")).toContain("end one");
  expect(existsSync(made.path("last"))).toBe(false);
  const told = eventsOf(history.events, "task-finished").map(({ task }) => task);
  for (const { task } of history.tasks) expect(told.filter((one) => one === task)).toHaveLength(1);
  expect(eventsOf(history.events, "run-finished").at(-1)).toMatchObject({ status: "CANCELED" });
  const folder = made.path("checkpoints", "runs", runId);
  for (const file of ["tasks.json", "report.html"])
    expect(existsSync(`${folder}/${file}`)).toBe(true);
});

test("a run whose settings are gone can be canceled all the same", async () => {
  const made = await workflowApp();
  const runId = await interrupted(made);
  await rm(made.path("checkpoints", "runs", runId, "settings.json"));
  expect((await made.app.cancel(runId)).status).toBe("CANCELED");
  expect(statuses(await made.app.history(runId))).toMatchObject({
    held: "CANCELED",
    "nested/inner": "CANCELED",
  });
});

test("a run that cannot be taken up, its log being no file, is not held on to", async () => {
  const made = await workflowApp();
  const runId = await interrupted(made);
  const log = made.path("checkpoints", "runs", runId, "log.jsonl");
  await rm(log);
  await mkdir(log);
  await expect(made.app.resume(runId)).rejects.toThrow("EISDIR");
  await rm(log, { recursive: true });
  expect((await appOf(made.folder).cancel(runId)).status).toBe("CANCELED");
});

test("a run that was killed before it had begun is not resumed, and can be canceled", async () => {
  const made = await workflowApp();
  const runId = await interrupted(made);
  await made.app.close();
  const store = openStore(made.path("checkpoints"));
  store.runs.setStatus(runId, "IDLE");
  store.close();
  const app = appOf(made.folder);
  await expect(app.resume()).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
  await expect(app.resume(runId)).rejects.toMatchObject({ code: "RUN_ENDED" });
  await expect(app.retry(runId)).rejects.toMatchObject({ code: "RUN_ENDED" });
  expect((await app.cancel(runId)).status).toBe("CANCELED");
});

test("a run of which there is no more than a record can be canceled", async () => {
  const made = await workflowApp();
  const store = openStore(made.path("checkpoints"));
  store.runs.create(runRecord("r1", { status: "IDLE", accounts: ["one"] }));
  store.close();
  expect((await made.app.cancel("r1")).status).toBe("CANCELED");
});
