import { EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../../src/stores/database.ts";
import { GroupCommit } from "../../../src/stores/group-commit.ts";
import { WalSync } from "../../../src/stores/wal-sync.ts";
import { withFolder } from "../../helpers/engine.ts";

const CLAIM = { runId: "r1", token: 1 };

/** A disk that has flushed when it is told to. */
class SlowDisk extends WalSync {
  readonly flushes: ((error?: Error) => void)[] = [];
  flushedAtOnce = 0;
  readonly #news = new EventEmitter();

  /** Resolves when the next flush begins. */
  async begun(): Promise<void> {
    await once(this.#news, "begun");
  }

  override flush(done: (error: Error | null) => void): void {
    this.flushes.push((error) => done(error ?? null));
    this.#news.emit("begun");
  }

  override flushNow(): void {
    this.flushedAtOnce++;
    super.flushNow();
  }
}

async function withQueue() {
  const path = join(await withFolder(), "a.sqlite");
  const database = openDatabase(path, "CREATE TABLE t (n INTEGER NOT NULL);");
  const disk = new SlowDisk(database);
  const queue = new GroupCommit(database, () => true, disk);
  onTestFinished(() => {
    queue.close();
    database.close();
  });
  const insert = database.prepare("INSERT INTO t VALUES (?)");
  const ends: string[] = [];
  const write = (n: number | null, runId = "r1") =>
    queue
      .write({ ...CLAIM, runId }, { write: () => void insert.run(n) })
      .then(() => ends.push(`${n}`))
      .catch((error: { code: string }) => ends.push(`${n} ${error.code}`));
  const rows = () => database.prepare("SELECT n FROM t ORDER BY n").pluck().all();
  return { path, database, queue, disk, write, rows, ends };
}

test("an entry is done when the log is flushed; what comes meanwhile shares the next flush", async () => {
  const { disk, write, rows, ends } = await withQueue();
  const begun = disk.begun();
  const first = write(1);
  await begun;
  expect(rows()).toEqual([1]);
  expect(ends).toEqual([]);
  const more = [write(2), write(3)];
  const next = disk.begun();
  disk.flushes[0]?.();
  await first;
  await next;
  expect([rows(), ends, disk.flushes.length]).toEqual([[1, 2, 3], ["1"], 2]);
  disk.flushes[1]?.();
  await Promise.all(more);
  expect(ends).toEqual(["1", "2", "3"]);
});

test("who reads sees what is committed, and a flush at once does not wait for the slow one", async () => {
  const { queue, disk, write, rows, ends } = await withQueue();
  const begun = disk.begun();
  const first = write(1);
  await begun;
  const second = write(2);
  queue.commit();
  expect([rows(), ends]).toEqual([[1, 2], []]);
  queue.flush("another run");
  expect(disk.flushedAtOnce).toBe(0);
  queue.flush("r1");
  expect(disk.flushedAtOnce).toBe(1);
  await Promise.all([first, second]);
  // The slow one ends, and changes nothing: not even when it failed, of which the other has heard.
  disk.flushes[0]?.(new Error("late"));
  queue.flush("r1");
  expect([ends, disk.flushedAtOnce]).toEqual([["1", "2"], 1]);
});

test("after a flush that failed nothing is taken any more", async () => {
  const { disk, queue, write, ends } = await withQueue();
  const begun = disk.begun();
  const commits = [write(1)];
  await begun;
  commits.push(write(2));
  queue.commit();
  commits.push(write(3));
  disk.flushes[0]?.(new Error("no such device"));
  commits.push(write(4));
  await Promise.all(commits);
  const refused = [1, 2, 3, 4].map((n) => `${n} STORE_UNUSABLE`);
  expect(ends.toSorted()).toEqual(refused);
  expect(disk.flushes).toHaveLength(1);
});

test("after an entry that cannot be written none of its run follows, of whatever transaction", async () => {
  const { queue, write, rows, ends } = await withQueue();
  const runs = Array.from({ length: 200 }, (_, i) => ["r1", "r2"][i % 2] ?? "");
  const commits = runs.map((runId, n) => write(n === 10 ? null : n, runId));
  queue.flush();
  await Promise.all(commits);
  const written = runs.flatMap((runId, n) => (runId === "r2" || n < 10 ? [n] : []));
  expect(rows()).toEqual(written);
  expect(ends.filter((end) => !end.includes(" ")).map(Number)).toEqual(written);
});

test("a closed queue has flushed what it took and refuses more", async () => {
  const { queue, disk, write, ends } = await withQueue();
  const taken = write(1);
  queue.close();
  expect(disk.flushedAtOnce).toBe(1);
  await Promise.all([taken, write(2)]);
  expect(ends.toSorted()).toEqual(["1", "2 STORE_UNUSABLE"]);
});

test("the log is flushed on a thread, and stays the same file while SQLite starts it over", async () => {
  const path = join(await withFolder(), "a.sqlite");
  const database = openDatabase(path, "CREATE TABLE t (body TEXT NOT NULL);");
  const queue = new GroupCommit(database, () => true);
  onTestFinished(() => {
    queue.close();
    database.close();
  });
  const insert = database.prepare("INSERT INTO t VALUES (?)");
  const write = (body: string) => queue.write(CLAIM, { write: () => void insert.run(body) });
  await write("before");
  database.pragma("wal_checkpoint(RESTART)");
  await write("AFTER THE LOG WAS STARTED OVER");
  expect(await readFile(`${path}-wal`, "latin1")).toContain("AFTER THE LOG WAS STARTED OVER");
  // Direct writes are flushed by SQLite as ever.
  expect(database.pragma("synchronous", { simple: true })).toBe(2);
});
