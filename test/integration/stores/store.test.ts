import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../../src/stores/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { withStore } from "../../helpers/store.ts";
import { runRecord } from "../../helpers/store-records.ts";

const SUMMARY = { account: "a", tasks: { COMPLETED: 1 }, datasets: [], failure: null };

/** What a caller without types may give. */
const untyped = (value: unknown): never => value as never;

test("keeps runs, summaries and requests over a restart", async () => {
  const folder = await withFolder();
  const first = openStore(folder);
  first.runs.create(runRecord("r1", { forkedFrom: "r0" }));
  // A clock that was set back does not change which run is the latest.
  first.runs.create(runRecord("r2", { startedAt: "2025-01-01T00:00:00.000Z" }));
  first.take("r1");
  first.runs.takeUp("r1");
  first.runs.putSummary("r1", { ...SUMMARY, status: "FAILED" });
  first.runs.putSummary("r1", { ...SUMMARY, status: "COMPLETED" });
  first.runs.end("r1", "COMPLETED", "2026-01-02T00:00:00.000Z");
  first.runs.setStatus("r2", "WAITING");
  expect(first.runs.raiseRound("r2")).toBe(2);
  first.request("r2", "pause");
  first.close();

  const store = withStore(folder);
  const ended = { status: "COMPLETED", endedAt: "2026-01-02T00:00:00.000Z", attempts: 2 } as const;
  expect(store.runs.get("r1")).toEqual(runRecord("r1", { forkedFrom: "r0", ...ended }));
  expect(store.runs.list().map(({ runId, status, round }) => [runId, status, round])).toEqual([
    ["r2", "WAITING", 2],
    ["r1", "COMPLETED", 1],
  ]);
  expect(store.runs.summaries("r1")).toEqual([{ ...SUMMARY, status: "COMPLETED" }]);
  expect(store.runs.get("r3")).toBeUndefined();
  expect(() => store.runs.setStatus("r3", "FAILED")).toThrow(
    expect.objectContaining({ code: "RUN_UNKNOWN" }),
  );
  expect(store.requested("r2")).toBe("pause");
});

test("a new round begins without the summaries of the one before", async () => {
  const store = withStore(await withFolder());
  for (const runId of ["r1", "r2"]) {
    store.runs.create(runRecord(runId));
    store.runs.putSummary(runId, { ...SUMMARY, status: "FAILED" });
  }
  expect(store.runs.raiseRound("r1")).toBe(2);
  expect(store.runs.summaries("r1")).toEqual([]);
  expect(store.runs.summaries("r2")).toHaveLength(1);
  expect(() => store.runs.raiseRound("r3")).toThrow(
    expect.objectContaining({ code: "RUN_UNKNOWN" }),
  );
});

test("a pause does not replace a cancel, and a request ends when it is cleared", async () => {
  const store = withStore(await withFolder());
  store.request("r1", "pause");
  store.request("r1", "cancel");
  store.request("r1", "pause");
  expect(store.requested("r1")).toBe("cancel");
  store.clearRequest("r1");
  expect(store.requested("r1")).toBeUndefined();
});

test("writes through to the disk at each commit and gives space back", async () => {
  const folder = await withFolder();
  const store = withStore(folder);
  store.runs.create(runRecord("r1"));
  store.take("r1");
  store.openAccount("r1", "a");
  for (const file of ["wrangler.sqlite", "accounts/a.sqlite"]) {
    const database = new Database(join(folder, file), { readonly: true });
    expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(database.pragma("auto_vacuum", { simple: true })).toBe(2);
    database.close();
  }
});

test("a file that is no store, or one of another version, is refused with what to do", async () => {
  const broken = await withFolder();
  await writeFile(join(broken, "wrangler.sqlite"), "not a database, not at all ".repeat(80));
  expect(() => openStore(broken)).toThrow(
    expect.objectContaining({ code: "STORE_UNUSABLE", message: expect.stringContaining(broken) }),
  );
  for (const [version, advice] of [
    [1, "move the folder away"],
    [99, "newer version"],
    [0, "not a file of ours"],
  ] as const) {
    const folder = await withFolder();
    const database = new Database(join(folder, "wrangler.sqlite"));
    database.exec("CREATE TABLE runs (x)");
    database.pragma(`user_version = ${version}`);
    database.close();
    expect(() => openStore(folder)).toThrow(
      expect.objectContaining({ code: "STORE_UNUSABLE", message: expect.stringContaining(advice) }),
    );
  }
});

test("names that are no names reach neither files nor SQL", async () => {
  const store = withStore(await withFolder());
  for (const account of ["../a", "a/b", "a\\b", "..", ".", "", "a\u0000"]) {
    expect(() => store.readAccount("r1", account)).toThrow(/one segment of a path/);
  }
  for (const runId of ["../r", "r.1", "", "r 1"]) {
    expect(() => store.take(runId)).toThrow(/run id/);
  }
  store.runs.create(runRecord("r1"));
  store.take("r1");
  const { checkpointer, journal } = store.openAccount("r1", "a");
  await expect(
    checkpointer.getTuple({ configurable: { thread_id: untyped({ a: 1 }) } }),
  ).rejects.toThrow(/a text as thread_id, got object/);
  await expect(
    journal.commit({ effects: [untyped({ task: { x: 1 }, effect: "e", round: 1 })] }),
  ).rejects.toThrow(/a text as task/);
  await expect(checkpointer.deleteThread("r2")).rejects.toThrow(/a thread of run r1, got r2/);
});

test("the end of a run and the news of it are on disk together or not at all", async () => {
  const folder = await withFolder();
  const store = withStore(folder);
  store.runs.create(runRecord("r1"));
  const lease = store.take("r1");
  store.request("r1", "pause");
  const other = new Database(join(folder, "wrangler.sqlite"));
  onTestFinished(() => void other.close());
  other.exec(
    "CREATE TRIGGER refuse BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'told to'); END",
  );
  const end = { status: "FAILED", endedAt: "2026-01-02T00:00:00.000Z", durationMs: 7 } as const;
  await expect(store.finishRun("r1", end)).rejects.toMatchObject({ code: "STORE_UNUSABLE" });
  expect(store.runs.get("r1")).toMatchObject({ status: "RUNNING", endedAt: null });
  expect(store.requested("r1")).toBe("pause");
  other.exec("DROP TRIGGER refuse");
  await store.finishRun("r1", end);
  expect(store.runs.get("r1")).toMatchObject({ status: "FAILED", endedAt: end.endedAt });
  expect(store.requested("r1")).toBeUndefined();
  expect(store.runEvents("r1")).toMatchObject([{ type: "run-finished", durationMs: 7 }]);
  lease.release();
  await expect(store.finishRun("r1", end)).rejects.toMatchObject({ code: "RUN_LOST" });
});
