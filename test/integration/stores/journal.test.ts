import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type {
  AttemptRecord,
  EffectRecord,
  ProgressEvent,
  StageRecord,
} from "../../../src/orchestration/index.ts";
import { openStore, type Store } from "../../../src/stores/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { withStore } from "../../helpers/store.ts";
import { runRecord, taskRecord } from "../../helpers/store-records.ts";

const ATTEMPT: AttemptRecord = {
  account: "a",
  task: "t",
  round: 1,
  attempt: 1,
  status: "FAILED",
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: null,
  failure: { code: "INTERNAL", message: "m", remedy: "r", at: "a/t" },
  results: {},
  next: "retry in 4.0 s",
  rule: 0,
  alternative: null,
};
const EFFECT: EffectRecord = {
  account: "a",
  task: "t",
  effect: "mail",
  key: "k",
  round: 1,
  status: "INTENDED",
  outcome: null,
  reason: null,
  wasUncertain: false,
  intendedAt: "2026-01-01T00:00:00.000Z",
  settledAt: null,
};
const STAGE: StageRecord = {
  account: "a",
  task: "t",
  dataset: "d",
  stage: "profiling",
  status: "COMPLETED",
  startedAt: null,
  endedAt: null,
  durationMs: 12.5,
  counts: { rows: 3 },
  failure: null,
};

async function withRun(folder?: string): Promise<Store> {
  const store = withStore(folder ?? (await withFolder()));
  store.runs.create(runRecord("r1"));
  store.take("r1");
  return store;
}

const draining = (reason: string) => ({ type: "run-draining", reason }) as const;

test("a journal is read back as it was written, by its next owner and by anyone", async () => {
  const folder = await withFolder();
  const first = openStore(folder);
  first.runs.create(runRecord("r1"));
  first.take("r1");
  const account = first.openAccount("r1", "a");
  const second = { ...ATTEMPT, attempt: 10, status: "COMPLETED" } as const;
  await account.journal.commit({
    tasks: [taskRecord("t", { status: "IN_PROGRESS" }), taskRecord("s")],
    attempts: [second, { ...ATTEMPT, attempt: 9 }],
    effects: [EFFECT],
    stages: [STAGE],
    happenings: [draining("one")],
  });
  await account.journal.commit({
    tasks: [taskRecord("t")],
    effects: [{ ...EFFECT, status: "DONE", outcome: { id: 7 } }],
  });
  await account.close();
  first.close();

  const store = withStore(folder);
  store.take("r1");
  const { journal } = store.openAccount("r1", "a");
  const view = store.readAccount("r1", "a");
  for (const tasks of [journal.tasks(), view.tasks()]) {
    expect(tasks).toEqual([taskRecord("t"), taskRecord("s")]);
  }
  expect(journal.task("s")).toEqual(taskRecord("s"));
  expect(journal.attempts("t")).toEqual([{ ...ATTEMPT, attempt: 9 }, second]);
  expect(view.attempts()).toEqual(journal.attempts("t"));
  expect(journal.effects("t")).toEqual([{ ...EFFECT, status: "DONE", outcome: { id: 7 } }]);
  expect(view.effects("s")).toEqual([]);
  expect(journal.stages()).toEqual([STAGE]);
  expect(view.stages()).toEqual([STAGE]);
  expect(journal.events()).toMatchObject([{ seq: 1, runId: "r1", ...draining("one") }]);
  expect(store.readAccount("r1", "nobody").tasks()).toEqual([]);
  expect(store.readAccount("r2", "a").tasks()).toEqual([]);
});

test("a record stands in memory at once and on disk when its commit resolves", async () => {
  const store = await withRun();
  const { journal } = store.openAccount("r1", "a");
  const commit = journal.commit({ tasks: [taskRecord("t")] });
  expect(journal.task("t")?.status).toBe("COMPLETED");
  await commit;
  expect(store.readAccount("r1", "a").tasks()).toHaveLength(1);
});

test("events are numbered over all accounts and told in order, each once it is on disk", async () => {
  const folder = await withFolder();
  const store = await withRun(folder);
  const told: ProgressEvent[] = [];
  const onDisk: number[] = [];
  const reader = withStore(folder);
  const stop = store.onEvent("r1", (event) => {
    told.push(event);
    onDisk.push(reader.runEvents("r1", event.seq - 1)[0]?.seq ?? 0);
  });
  const [a, b] = [store.openAccount("r1", "a").journal, store.openAccount("r1", "b").journal];
  await Promise.all([
    b.commit({ happenings: [draining("1"), draining("2")] }),
    a.commit({ happenings: [draining("3")] }),
    store.recordRunEvent("r1", draining("4")),
    b.commit({ happenings: [draining("5")] }),
  ]);
  expect(told.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(onDisk).toEqual([1, 2, 3, 4, 5]);
  expect(reader.runEvents("r1")).toEqual(told);
  expect(reader.runEvents("r1", 3)).toEqual(told.slice(3));

  stop();
  const heard = told.length;
  await a.commit({ happenings: [draining("6")] });
  expect(told).toHaveLength(heard);
  // The next owner counts on.
  store.close();
  const next = openStore(folder);
  next.take("r1");
  await next.recordRunEvent("r1", draining("7"));
  expect(next.runEvents("r1").map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  next.close();
});

test("a listener that reads and commits does not disturb the order of the news", async () => {
  const store = await withRun();
  const { journal } = store.openAccount("r1", "a");
  const told: number[] = [];
  let more: Promise<void> | undefined;
  store.onEvent("r1", ({ seq }) => {
    if (seq === 1) more = journal.commit({ happenings: [draining("of the listener")] });
    store.runEvents("r1");
    told.push(seq);
  });
  await journal.commit({ happenings: [draining("one"), draining("two")] });
  expect(told).toEqual([1, 2]);
  await more;
  expect(told).toEqual([1, 2, 3]);
});

test("an entry that cannot be written takes none of its records along, and none follows", async () => {
  const store = await withRun();
  const [a, b] = [store.openAccount("r1", "a").journal, store.openAccount("r1", "b").journal];
  const unwritable = taskRecord("bad", { durationMs: Symbol("no number") as never });
  const ends = await Promise.allSettled([
    a.commit({ tasks: [taskRecord("before")] }),
    a.commit({ tasks: [taskRecord("with"), unwritable] }),
    a.commit({ tasks: [taskRecord("after")] }),
    b.commit({ tasks: [taskRecord("other", { account: "b" })] }),
  ]);
  expect(ends.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "rejected",
    "fulfilled",
  ]);
  await expect(a.commit({ tasks: [taskRecord("later")] })).rejects.toMatchObject({
    code: "STORE_UNUSABLE",
  });
  expect(store.readAccount("r1", "a").tasks()).toEqual([taskRecord("before")]);
  expect(store.readAccount("r1", "b").tasks()).toHaveLength(1);
});

test("big results stand in a file of their own, whose hash is checked", async () => {
  const folder = await withFolder();
  const store = await withRun(folder);
  const { journal } = store.openAccount("r1", "a");
  const results = {
    rows: Array.from({ length: 5_000 }, (_, i) => i),
    $artifact: "a name of theirs",
  };
  const attempt = { ...ATTEMPT, results };
  const effect = { ...EFFECT, outcome: "y".repeat(9_000) };
  const order: string[] = [];
  await Promise.all([
    journal
      .commit({ tasks: [taskRecord("t", { results })], attempts: [attempt], effects: [effect] })
      .then(() => order.push("big")),
    journal
      .commit({ tasks: [taskRecord("t", { status: "FAILED", results })] })
      .then(() => order.push("big again")),
    journal.commit({ happenings: [draining("small")] }).then(() => order.push("small")),
  ]);
  expect(order).toEqual(["big", "big again", "small"]);
  const view = store.readAccount("r1", "a");
  expect(view.tasks()).toEqual([taskRecord("t", { status: "FAILED", results })]);
  expect(view.attempts()).toEqual([attempt]);
  expect(view.effects()).toEqual([effect]);

  const artifacts = join(folder, "runs", "r1", "artifacts", "a");
  const names = await readdir(artifacts);
  // Equal values of one account share a file.
  expect(names).toHaveLength(2);
  for (const name of names) await writeFile(join(artifacts, name), "{}");
  expect(() => view.tasks()).toThrow(expect.objectContaining({ code: "ARTIFACT_INVALID" }));
});

test("a closed account takes no more, and all that it took is on disk", async () => {
  const store = await withRun();
  const account = store.openAccount("r1", "a");
  const big = { text: "x".repeat(10_000) };
  const commits = [
    account.journal.commit({ tasks: [taskRecord("t", { results: big })] }),
    account.journal.commit({ tasks: [taskRecord("u")] }),
  ];
  await account.close();
  expect(store.readAccount("r1", "a").tasks()).toHaveLength(2);
  await Promise.all(commits);
  await expect(account.journal.commit({ tasks: [] })).rejects.toMatchObject({ code: "RUN_LOST" });
  expect(store.openAccount("r1", "a").journal.tasks()).toHaveLength(2);
});

test("tasks are taken over into another run with what is below them", async () => {
  const store = await withRun();
  const results = { text: "x".repeat(10_000) };
  await store.openAccount("r1", "a").journal.commit({
    tasks: [
      taskRecord("t", { results, round: 3 }),
      taskRecord("t/inner"),
      taskRecord("tt"),
      taskRecord("u/t"),
    ],
    attempts: [ATTEMPT],
    stages: [STAGE],
  });
  store.runs.create(runRecord("r2", { forkedFrom: "r1" }));
  await expect(store.copyTasks("r1", "r2", "a", ["t"])).rejects.toMatchObject({ code: "RUN_LOST" });
  store.take("r2");
  await store.copyTasks("r1", "r2", "a", ["t"]);
  const view = store.readAccount("r2", "a");
  expect(view.tasks()).toEqual([
    taskRecord("t", { results, takenFrom: "r1" }),
    taskRecord("t/inner", { takenFrom: "r1" }),
  ]);
  expect(view.stages()).toEqual([STAGE]);
  expect(view.attempts()).toEqual([]);
});

test("tasks are set back for a new round; their attempts stay", async () => {
  const store = await withRun();
  const { journal } = store.openAccount("r1", "a");
  await journal.commit({
    tasks: [taskRecord("t", { status: "FAILED" }), taskRecord("t/finally.1"), taskRecord("u")],
    attempts: [ATTEMPT],
  });
  await store.resetTasks("r1", "a", ["t"], 2);
  expect(journal.tasks().map(({ task, status, round }) => [task, status, round])).toEqual([
    ["t", "NOT_STARTED", 2],
    ["t/finally.1", "NOT_STARTED", 2],
    ["u", "COMPLETED", 1],
  ]);
  expect(journal.task("t")).toMatchObject({ results: {}, endedAt: null, attempts: 0 });
  await journal.commit({ attempts: [{ ...ATTEMPT, round: 2 }] });
  expect(
    store
      .readAccount("r1", "a")
      .attempts("t")
      .map(({ round }) => round),
  ).toEqual([1, 2]);
});

test("what COMPLETED within a task that did not stays; its effects go on when nobody asked", async () => {
  const store = withStore(await withFolder());
  store.runs.create(runRecord("r1"));
  store.take("r1");
  const { journal } = store.openAccount("r1", "a");
  const failed = { status: "FAILED" } as const;
  await journal.commit({
    tasks: [
      taskRecord("o", failed),
      taskRecord("o/m", failed),
      taskRecord("o/m/done"),
      taskRecord("o/m/bad", failed),
      taskRecord("o/m/bad/finally.1"),
    ],
    effects: [
      { ...EFFECT, task: "o/m/bad", effect: "sent" },
      { ...EFFECT, task: "o/m/bad", effect: "refused", status: "NOT_DONE" },
      { ...EFFECT, task: "o/m/bad/finally.1" },
    ],
  });
  await store.resetTasks("r1", "a", ["o/m"], 1, true);
  expect(journal.tasks().map(({ task, status, round }) => [task, status, round])).toEqual([
    ["o", "FAILED", 1],
    ["o/m", "NOT_STARTED", 2],
    ["o/m/done", "COMPLETED", 1],
    ["o/m/bad", "NOT_STARTED", 2],
    ["o/m/bad/finally.1", "NOT_STARTED", 2],
  ]);
  const ofBad = journal.effects("o/m/bad").filter(({ round }) => round === 2);
  expect(ofBad).toMatchObject([{ effect: "sent", status: EFFECT.status, key: EFFECT.key }]);
  expect(journal.effects("o/m/bad/finally.1")).toHaveLength(1);

  await journal.commit({ tasks: [taskRecord("o"), taskRecord("o/m")] });
  await store.resetTasks("r1", "a", ["o"], 3);
  expect(journal.task("o/m/done")).toMatchObject({ status: "NOT_STARTED", round: 3 });
  expect(journal.effects("o/m/bad").filter(({ round }) => round === 3)).toEqual([]);
});

test("past runs tell how long tasks take and what they last gave", async () => {
  const store = withStore(await withFolder());
  const commit = async (
    runId: string,
    tasks: ReturnType<typeof taskRecord>[],
    workflow: string,
  ) => {
    store.runs.create(runRecord(runId, { workflow }));
    store.take(runId);
    await store.openAccount(runId, "a").journal.commit({ tasks });
  };
  for (let i = 1; i <= 12; i++) {
    await commit(`r${i}`, [taskRecord("t", { durationMs: i === 1 ? 1e9 : i })], "daily");
  }
  await commit("f", [taskRecord("t", { status: "FAILED" }), taskRecord("u")], "daily");
  await commit("c", [taskRecord("t", { durationMs: 5e9, takenFrom: "r12" })], "daily");
  await commit("o", [taskRecord("t", { durationMs: 7 })], "other");

  // Of 3, 4, … 12: the last ten, without what failed or was taken over.
  expect([...store.durations("daily", "a")]).toEqual([
    ["t", 7.5],
    ["u", 1_000],
  ]);
  expect(store.durations("daily", "b").size).toBe(0);
  const latest = (...rest: [before?: string, statuses?: ("FAILED" | "COMPLETED")[]]) =>
    [...store.latestTasks("daily", "a", ...rest)].map(([task, { runId }]) => `${task} of ${runId}`);
  expect(latest().toSorted()).toEqual(["t of c", "u of f"]);
  expect(latest("c").toSorted()).toEqual(["t of f", "u of f"]);
  expect(latest("c", ["COMPLETED"]).toSorted()).toEqual(["t of r12", "u of f"]);
  expect(latest("r1")).toEqual([]);
});
