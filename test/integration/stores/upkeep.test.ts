import { setMaxListeners } from "node:events";
import { existsSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Annotation, END, Send, START, StateGraph } from "@langchain/langgraph";
import { emptyCheckpoint } from "@langchain/langgraph-checkpoint";
import { expect, test } from "vitest";
import { openStore, type Store } from "../../../src/stores/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { withStore } from "../../helpers/store.ts";
import { runRecord, taskRecord } from "../../helpers/store-records.ts";

const META = { source: "loop", step: 0, parents: {} } as const;
const DAY_MS = 86_400_000;
const NOW = new Date("2026-03-01T00:00:00.000Z");

async function putAll(checkpointer: Store["checkpointer"], places: readonly string[][]) {
  for (const [thread_id = "", checkpoint_ns = "", id = ""] of places) {
    const config = { configurable: { thread_id, checkpoint_ns } };
    const place = await checkpointer.put(config, { ...emptyCheckpoint(), id }, META, {});
    await checkpointer.putWrites(place, [["c", id]], "task");
  }
}

async function idsOf(checkpointer: Store["checkpointer"], thread_id?: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const tuple of checkpointer.list({ configurable: { thread_id } })) {
    ids.push(tuple.checkpoint.id);
  }
  return ids;
}

/** A run that ended so many days ago, with a record, a checkpoint and a big result. */
async function endedRun(store: Store, runId: string, days: number, status = "COMPLETED" as const) {
  store.runs.create(runRecord(runId, { accounts: ["a"] }));
  const lease = store.take(runId);
  const { journal, checkpointer } = store.openAccount(runId, "a");
  await journal.commit({
    tasks: [taskRecord("t", { results: { text: runId.repeat(20_000) } })],
    happenings: [{ type: "run-draining", reason: "x".repeat(40_000) }],
  });
  await putAll(checkpointer, [[runId, "", "1"]]);
  await putAll(store.checkpointer, [[runId, "", "1"]]);
  store.runs.end(runId, status, new Date(NOW.getTime() - days * DAY_MS).toISOString());
  lease.release();
}

/** Size of an account's file after a run of so many tasks in one superstep. */
async function bytesOf(tasks: number): Promise<number> {
  const folder = await withFolder();
  const store = openStore(folder);
  store.runs.create(runRecord("r1"));
  store.take("r1");
  const { checkpointer, journal } = store.openAccount("r1", "a");
  const State = Annotation.Root({
    done: Annotation<Record<string, string>>({
      reducer: (known, more) => ({ ...known, ...more }),
      default: () => ({}),
    }),
  });
  const graph = new StateGraph(State)
    .addNode("task", async ({ id }: { id: string }) => {
      await journal.commit({
        tasks: [taskRecord(id)],
        happenings: [{ type: "task-ready", account: "a", task: id }],
      });
      return { done: { [id]: "COMPLETED" } };
    })
    .addConditionalEdges(START, () =>
      Array.from({ length: tasks }, (_, i) => new Send("task", { id: `task${i}` })),
    )
    .addEdge("task", END)
    .compile({ checkpointer });
  await graph.invoke({}, { configurable: { thread_id: "r1" }, durability: "sync" });
  store.close();
  return statSync(join(folder, "accounts", "a.sqlite")).size;
}

// LangGraph has each task of a superstep listen to one signal.
setMaxListeners(0);

test("the latest checkpoint is the one put last, whatever the clock said", async () => {
  const store = withStore(await withFolder());
  store.take("r1");
  await putAll(store.checkpointer, [
    ["r1", "", "9"],
    ["r1", "", "1"],
  ]);
  const latest = await store.checkpointer.getTuple({ configurable: { thread_id: "r1" } });
  expect(latest?.checkpoint.id).toBe("1");
  expect(await idsOf(store.checkpointer)).toEqual(["1", "9"]);
});

test("an ended run keeps the newest root checkpoint of each thread, and its journal", async () => {
  const folder = await withFolder();
  const store = withStore(folder);
  store.runs.create(runRecord("r1"));
  store.take("r1");
  const { checkpointer, journal } = store.openAccount("r1", "a");
  for (const saver of [store.checkpointer, checkpointer]) {
    await putAll(saver, [
      ["r1", "", "1"],
      ["r1", "", "2"],
      ["r1", "account:x", "3"],
      ["r1.2", "", "5"],
      ["r1.2", "", "4"],
    ]);
  }
  await journal.commit({ tasks: [taskRecord("t")] });
  const other = withStore(folder);
  expect(() => other.compact("r1")).toThrow(expect.objectContaining({ code: "RUN_BUSY" }));
  store.compact("r1");
  for (const saver of [store.checkpointer, checkpointer]) {
    expect(await idsOf(saver)).toEqual(["4", "2"]);
    const kept = await saver.getTuple({ configurable: { thread_id: "r1.2" } });
    expect(kept?.pendingWrites).toEqual([["task", "c", "4"]]);
  }
  expect(journal.tasks()).toHaveLength(1);
  expect(store.readAccount("r1", "a").tasks()).toHaveLength(1);
});

test("forgets ended runs that are too old or too many, in all files", async () => {
  const folder = await withFolder();
  const store = withStore(folder);
  await endedRun(store, "old", 40);
  await endedRun(store, "new", 1);
  await writeFile(join(folder, "runs", "old", "log.jsonl"), "");
  for (const [runId, status] of [
    ["waiting", "WAITING"],
    ["busy", "RUNNING"],
  ] as const) {
    store.runs.create(runRecord(runId, { status }));
  }
  store.take("busy");
  expect(await store.prune({}, NOW)).toEqual({ runIds: [], bytesFreed: 0 });

  const files = ["wrangler.sqlite", "accounts/a.sqlite"].map((name) => join(folder, name));
  const { runIds, bytesFreed } = await store.prune({ keepMs: 30 * DAY_MS, keepRuns: 1_000 }, NOW);
  expect(runIds).toEqual(["old"]);
  // Its artifact and its event at least.
  expect(bytesFreed).toBeGreaterThan(100_000);
  expect(store.runs.list().map(({ runId }) => runId)).toEqual(["busy", "waiting", "new"]);
  expect(store.readAccount("old", "a").tasks()).toEqual([]);
  expect(store.runEvents("old")).toEqual([]);
  expect(existsSync(join(folder, "runs", "old"))).toBe(false);
  expect(store.readAccount("new", "a").tasks()).toHaveLength(1);

  const sizes = files.map((file) => statSync(file).size);
  expect((await store.prune({ keepRuns: 0 }, NOW)).runIds).toEqual(["new"]);
  expect(existsSync(join(folder, "runs", "new"))).toBe(false);
  expect(statSync(files[1] ?? "").size).toBeLessThan(sizes[1] ?? 0);
  expect(store.runs.list().map(({ runId }) => runId)).toEqual(["busy", "waiting"]);
});

test("an ended run that another process holds is not forgotten", async () => {
  const folder = await withFolder();
  const [store, other] = [withStore(folder), withStore(folder)];
  await endedRun(store, "r1", 40);
  other.take("r1");
  expect((await store.prune({ keepMs: DAY_MS }, NOW)).runIds).toEqual([]);
  expect(store.runs.list()).toHaveLength(1);
});

test("a run that was killed before it had begun is forgotten once its process is gone for a while", async () => {
  const folder = await withFolder();
  const [store, other] = [withStore(folder), withStore(folder)];
  const startedAt = new Date(NOW.getTime() - 2 * DAY_MS).toISOString();
  const young = new Date(NOW.getTime() - 1_000).toISOString();
  store.runs.create(runRecord("left", { status: "IDLE", startedAt }));
  store.runs.create(runRecord("held", { status: "IDLE", startedAt }));
  store.runs.create(runRecord("young", { status: "IDLE", startedAt: young }));
  other.take("held");
  expect((await store.prune({ keepMs: 3 * DAY_MS }, NOW)).runIds).toEqual([]);
  expect((await store.prune({ keepMs: DAY_MS, keepRuns: 0 }, NOW)).runIds).toEqual(["left"]);
  expect(store.runs.list().map(({ runId }) => runId)).toEqual(["young", "held"]);
});

test("bytes on disk grow with the tasks, not faster", async () => {
  // A page of each empty table is what a file costs before its first task.
  const empty = await bytesOf(0);
  const ratio = ((await bytesOf(1_000)) - empty) / ((await bytesOf(100)) - empty);
  expect(ratio).toBeGreaterThan(8);
  expect(ratio).toBeLessThan(12);
});
