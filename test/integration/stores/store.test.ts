import { spawnSync } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { emptyCheckpoint } from "@langchain/langgraph-checkpoint";
import { expect, onTestFinished, test } from "vitest";
import type { RunRecord, StageRecord } from "../../../src/orchestration/index.ts";
import { lockFolder, openStore, type Store } from "../../../src/stores/index.ts";
import { openDatabase } from "../../../src/stores/database.ts";
import { withFolder } from "../../helpers/engine.ts";

const RUN: RunRecord = {
  runId: "r1",
  pipeline: "p",
  configPath: null,
  accounts: ["a", "b"],
  status: "RUNNING",
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: null,
  attempts: 1,
  logPath: "/x/log.jsonl",
};

function open(folder: string): Store {
  const store = openStore(folder);
  onTestFinished(() => store.close());
  return store;
}

/** Number of a process that certainly is no more. */
function deadProcess(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

test("keeps runs, stages and summaries over a restart", async () => {
  const folder = await withFolder();
  const first = openStore(folder);
  const stage: StageRecord = {
    account: "a",
    dataset: "d",
    stage: "profiling",
    status: "FAILED",
    startedAt: "2026-01-01T00:00:00.000Z",
    endedAt: null,
    durationMs: 12.5,
    counts: { rows: 3 },
    failure: { code: "INTERNAL", message: "m", remedy: "r", at: "a/d" },
  };
  first.runs.create(RUN);
  first.runs.putStage("r1", { ...stage, status: "IN_PROGRESS", failure: null });
  first.runs.putStage("r1", stage);
  first.runs.putSummary("r1", { account: "a", status: "COMPLETED", datasets: [], failure: null });
  first.runs.takeUp("r1");
  first.runs.end("r1", "COMPLETED", "2026-01-02T00:00:00.000Z");
  first.close();

  const { runs } = open(folder);
  expect(runs.get("r1")).toEqual({
    ...RUN,
    status: "COMPLETED",
    endedAt: "2026-01-02T00:00:00.000Z",
    attempts: 2,
  });
  expect(runs.stages("r1")).toEqual([stage]);
  expect(runs.summaries("r1")).toMatchObject([{ account: "a", status: "COMPLETED" }]);
  expect(runs.get("r2")).toBeUndefined();
});

test("writes through to the disk at each commit", async () => {
  const database = openDatabase(await withFolder());
  onTestFinished(() => void database.close());
  expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
  expect(database.pragma("synchronous", { simple: true })).toBe(2);
});

test("gives a run to one executor at a time", async () => {
  const folder = await withFolder();
  const [one, two] = [open(folder), open(folder)];
  const lease = one.take("r1");
  expect(() => two.take("r1")).toThrow(expect.objectContaining({ code: "RUN_BUSY" }));
  expect(two.holder("r1")?.pid).toBe(process.pid);
  expect(two.take("r2").isHeld()).toBe(true);
  lease.release();
  expect(two.take("r1").isHeld()).toBe(true);
  expect(lease.isHeld()).toBe(false);
});

test("takes over the lease of a process that is gone", async () => {
  const folder = await withFolder();
  const store = open(folder);
  store.take("r1");
  const database = openDatabase(folder);
  onTestFinished(() => void database.close());
  database.prepare("UPDATE leases SET pid = ?, born = 'x'").run(deadProcess());
  expect(store.holder("r1")).toBeUndefined();
  expect(open(folder).take("r1").isHeld()).toBe(true);
});

test("refuses the checkpoints of an executor that lost its lease", async () => {
  const folder = await withFolder();
  const [old, heir] = [open(folder), open(folder)];
  const config = { configurable: { thread_id: "r1", checkpoint_ns: "" } };
  const put = (store: Store) =>
    store.checkpointer.put(
      config,
      emptyCheckpoint(),
      { source: "input", step: -1, parents: {} },
      {},
    );
  await expect(put(old)).rejects.toMatchObject({ code: "RUN_LOST" });
  old.take("r1");
  const saved = await put(old);
  const database = openDatabase(folder);
  onTestFinished(() => void database.close());
  database.prepare("UPDATE leases SET expires_at = 0").run();
  heir.take("r1");
  await expect(put(old)).rejects.toMatchObject({ code: "RUN_LOST" });
  await expect(old.checkpointer.putWrites(saved, [["c", 1]], "t")).rejects.toMatchObject({
    code: "RUN_LOST",
  });
  await put(heir);
});

test("prunes all but the last checkpoint of a run", async () => {
  const store = open(await withFolder());
  store.take("r1");
  const meta = { source: "loop" as const, step: 0, parents: {} };
  for (const [id, ns] of [
    ["1", ""],
    ["2", ""],
    ["3", "account:x"],
  ] as const) {
    const config = { configurable: { thread_id: "r1", checkpoint_ns: ns } };
    await store.checkpointer.put(config, { ...emptyCheckpoint(), id }, meta, {});
  }
  store.prune("r1");
  const kept: string[] = [];
  for await (const { checkpoint } of store.checkpointer.list({ configurable: { thread_id: "r1" } }))
    kept.push(checkpoint.id);
  expect(kept).toEqual(["2"]);
});

test("a store that cannot be opened is named", async () => {
  const folder = await withFolder();
  await writeFile(
    join(folder, "wrangler.sqlite"),
    "this is not a database, not at all ".repeat(40),
  );
  expect(() => openStore(folder)).toThrow(
    expect.objectContaining({ code: "STORE_UNUSABLE", message: expect.stringContaining(folder) }),
  );
});

test("an output folder has one writer; a dead writer's lock is taken over", async () => {
  const folder = await withFolder();
  const release = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject({ code: "OUTPUT_BUSY" });
  await release();
  await (
    await lockFolder(folder)
  )();
  expect(await readdir(folder)).toEqual([]);

  const dead = { token: "t", pid: deadProcess(), host: hostname(), born: "" };
  await writeFile(join(folder, ".data-wrangler.lock"), JSON.stringify(dead));
  await (
    await lockFolder(folder)
  )();
  expect(await readdir(folder)).toEqual([]);
});

test("of many that want an output folder at once, one gets it", async () => {
  const folder = await withFolder();
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("an output folder that is a file is refused", async () => {
  const folder = await withFolder();
  await writeFile(join(folder, "taken"), "");
  await expect(lockFolder(join(folder, "taken"))).rejects.toMatchObject({
    code: "OUTPUT_UNWRITABLE",
  });
});
