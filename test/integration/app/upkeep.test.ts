import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { keptCheckpoints, workflowApp } from "./workflow-app.ts";

const config = (keepRuns: number) => `
checkpoints: { keepRuns: ${keepRuns} }
workflows:
  inner: { tasks: { x: { kind: module, path: work.mjs }, y: { kind: module, path: work.mjs, dependsOn: x } } }
  daily:
    tasks:
      a: { kind: module, path: work.mjs }
      n: { kind: workflow, workflow: inner, dependsOn: a }
      bad: { kind: command, command: ["false"] }
accounts: [{ id: one }, { id: two }]
`;

test("at the end of each run those beyond the number to keep are forgotten, folders and all", async () => {
  const { app, config: write, path } = await workflowApp();
  const request = { ...(await write(config(2))), workflow: "daily" };
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) ids.push((await app.run(request)).run.runId);
  const kept = ids.slice(2).toReversed();
  expect((await app.runs()).map(({ runId }) => runId)).toEqual(kept);
  expect((await readdir(path("checkpoints", "runs"))).toSorted()).toEqual(kept.toSorted());
  await expect(app.history(ids[0])).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
  const threads = ["one", "two"].map((account) =>
    keptCheckpoints(path("checkpoints", "accounts", `${account}.sqlite`)).map(
      ({ thread }) => thread,
    ),
  );
  expect(threads.map((all) => new Set(all))).toEqual([new Set(kept), new Set(kept)]);
});

test("prune forgets what is asked for and says so; a run that has not ended stays", async () => {
  const { app, config: write, path } = await workflowApp();
  const request = { ...(await write(config(100))), workflow: "daily" };
  const drain = new AbortController();
  const open = await app.run(request, {
    drain: drain.signal,
    onEvent: (event) => {
      if (event.type === "task-finished") drain.abort();
    },
  });
  expect(open.run.status).toBe("WAITING");
  const ended = [await app.run(request), await app.run(request)].map(({ run }) => run.runId);
  expect(await app.prune({ keepMs: 3_600_000 })).toEqual({ runs: [], bytesFreed: 0 });
  const pruned = await app.prune({ keepRuns: 1 });
  expect(pruned.runs).toEqual([ended[0]]);
  expect(pruned.bytesFreed).toBeGreaterThan(0);
  expect(existsSync(path("checkpoints", "runs", ended[0] ?? ""))).toBe(false);
  expect((await app.runs()).map(({ runId }) => runId)).toEqual([ended[1], open.run.runId]);
  expect((await app.resume(open.run.runId)).run.status).toBe("FAILED");
});

test("of a run that has ended each file keeps the newest checkpoint of its graph, and no nested one", async () => {
  const { app, config: write, path } = await workflowApp();
  const request = { ...(await write(config(100))), workflow: "daily" };
  const { run } = await app.run(request);
  const master = keptCheckpoints(path("checkpoints", "wrangler.sqlite"));
  expect(master.map(({ thread, namespace }) => [thread, namespace])).toEqual([[run.runId, ""]]);
  expect(Object.keys(master[0]?.values["summaries"] ?? {})).toEqual(["one", "two"]);
  for (const account of ["one", "two"]) {
    const kept = keptCheckpoints(path("checkpoints", "accounts", `${account}.sqlite`));
    expect(kept.map(({ thread, namespace }) => [thread, namespace])).toEqual([
      [run.runId, expect.stringMatching(/^account:[0-9a-f-]+$/)],
    ]);
    expect(kept[0]?.values).toMatchObject({
      account,
      outcomes: {
        a: { status: "COMPLETED" },
        n: { status: "COMPLETED" },
        bad: { status: "FAILED", attempts: 1 },
      },
    });
  }
  await app.retry(run.runId);
  const rounds = keptCheckpoints(path("checkpoints", "accounts", "one.sqlite"));
  expect(rounds.map(({ thread }) => thread)).toEqual([run.runId, `${run.runId}.2`]);
});
