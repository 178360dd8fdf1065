import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { emptyCheckpoint } from "@langchain/langgraph-checkpoint";
import Database from "better-sqlite3";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Store } from "../../../src/stores/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { messageOf, withProgram, withStore } from "../../helpers/store.ts";
import { runRecord, taskRecord } from "../../helpers/store-records.ts";

const META = { source: "input", step: -1, parents: {} } as const;

/** Number of a process that certainly is no more. */
function deadProcess(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

/** Change leases behind the back of those who hold them. */
function changeLeases(folder: string, set: string, ...values: unknown[]): void {
  const database = new Database(join(folder, "wrangler.sqlite"));
  onTestFinished(() => void database.close());
  database.prepare(`UPDATE leases SET ${set}`).run(...values);
}

function put(checkpointer: Store["checkpointer"], threadId: string) {
  const config = { configurable: { thread_id: threadId, checkpoint_ns: "" } };
  return checkpointer.put(config, emptyCheckpoint(), META, {});
}

test("gives a run to one executor at a time, under a number that rises", async () => {
  const folder = await withFolder();
  const [one, two] = [withStore(folder), withStore(folder)];
  const lease = one.take("r1");
  for (const store of [one, two]) {
    expect(() => store.take("r1")).toThrow(
      expect.objectContaining({
        code: "RUN_BUSY",
        message: expect.stringMatching(new RegExp(`process ${process.pid} on \\S+\\.$`)),
      }),
    );
  }
  expect(two.holder("r1")?.pid).toBe(process.pid);
  expect(two.take("r2").isHeld()).toBe(true);
  lease.release();
  lease.release();
  expect(lease.isHeld()).toBe(false);
  expect(lease.lost.aborted).toBe(false);
  expect(two.holder("r1")).toBeUndefined();
  const next = two.take("r1");
  expect(next.token).toBeGreaterThan(lease.token);
  next.release();
  expect(one.take("r1").token).toBeGreaterThan(next.token);
});

test("takes over the lease of a process that is gone at once", async () => {
  const folder = await withFolder();
  withStore(folder).take("r1");
  changeLeases(folder, "pid = ?, born = 'x'", deadProcess());
  const heir = withStore(folder);
  expect(heir.holder("r1")).toBeUndefined();
  expect(heir.take("r1").isHeld()).toBe(true);
});

test("a lease that ran out is ours until somebody takes it", async () => {
  const folder = await withFolder();
  const store = withStore(folder);
  store.runs.create(runRecord("r1"));
  const lease = store.take("r1");
  changeLeases(folder, "expires_at = 0");
  expect(lease.isHeld()).toBe(true);
  await store.openAccount("r1", "a").journal.commit({ tasks: [taskRecord("t")] });
});

test("an executor that was taken over writes nothing more, of this run only", async () => {
  const folder = await withFolder();
  const [old, heir] = [withStore(folder), withStore(folder)];
  await expect(put(old.checkpointer, "r1")).rejects.toMatchObject({ code: "RUN_LOST" });
  for (const runId of ["r1", "r2"]) old.runs.create(runRecord(runId));
  const lease = old.take("r1");
  const account = old.openAccount("r1", "a");
  const place = await put(old.checkpointer, "r1.2");
  const accountPlace = await put(account.checkpointer, "r1");

  changeLeases(folder, "expires_at = 0");
  heir.take("r1");
  old.take("r2");
  const other = old.openAccount("r2", "a");
  heir.openAccount("r1", "a");
  const lost = once(lease.lost, "abort");
  const ends = await Promise.allSettled([
    account.journal.commit({ tasks: [taskRecord("late")] }),
    other.journal.commit({ tasks: [taskRecord("fine")] }),
    account.checkpointer.putWrites(accountPlace, [["c", 1]], "t"),
    old.checkpointer.putWrites(place, [["c", 1]], "t"),
    put(old.checkpointer, "r2"),
    old.recordRunEvent("r1", { type: "run-draining", reason: "late" }),
  ]);
  await lost;
  expect(lease.lost.reason).toMatchObject({ code: "RUN_LOST" });
  expect(lease.isHeld()).toBe(false);
  const codes = ends.map((end) => (end.status === "rejected" ? end.reason.code : "written"));
  expect(codes).toEqual(["RUN_LOST", "written", "RUN_LOST", "RUN_LOST", "written", "RUN_LOST"]);
  for (const note of [
    () => old.runs.end("r1", "FAILED", "2026-01-02T00:00:00.000Z"),
    () => old.openAccount("r1", "a"),
  ]) {
    expect(note).toThrow(expect.objectContaining({ code: "RUN_LOST" }));
  }
  expect(heir.readAccount("r1", "a").tasks()).toEqual([]);
  expect(heir.readAccount("r2", "a").tasks()).toEqual([taskRecord("fine")]);
  expect(heir.runs.get("r1")?.status).toBe("RUNNING");
  await put(heir.checkpointer, "r1");
});

test("what an earlier lease opened writes nothing under a later one of the same process", async () => {
  const store = withStore(await withFolder());
  store.runs.create(runRecord("r1"));
  const lease = store.take("r1");
  const before = store.openAccount("r1", "a");
  lease.release();
  await expect(before.journal.commit({ tasks: [taskRecord("t")] })).rejects.toMatchObject({
    code: "RUN_LOST",
  });
  store.take("r1");
  const now = store.openAccount("r1", "a");
  await expect(put(before.checkpointer, "r1")).rejects.toMatchObject({ code: "RUN_LOST" });
  await put(now.checkpointer, "r1");
});

test("a process that was stopped past its lease learns that it lost the run", async () => {
  const folder = await withFolder();
  const child = withProgram("hold-run.ts", [folder, "300"]);
  expect(await messageOf(child)).toBe("ready");
  child.send("in time");
  expect(await messageOf(child)).toEqual({ committed: "in time" });

  child.kill("SIGSTOP");
  const heir = withStore(folder);
  // The stopped process lives, so its lease has to run out.
  await vi.waitFor(() => heir.take("r1"), { timeout: 10_000, interval: 20 });
  const { journal } = heir.openAccount("r1", "a");
  expect(journal.tasks()).toEqual([taskRecord("in time")]);

  const said: unknown[] = [];
  const both = new Promise<void>((resolve) => {
    child.on("message", (message) => {
      said.push(message);
      if (said.length === 2) resolve();
    });
  });
  child.send("late");
  child.kill("SIGCONT");
  await both;
  expect(said).toContainEqual({ lost: true });
  expect(said).toContainEqual({ refused: "RUN_LOST" });
  await journal.commit({ tasks: [taskRecord("of the heir")] });
  expect(heir.readAccount("r1", "a").tasks()).toHaveLength(2);
});

test("of 20 processes that want a run at once one gets it, the others say who has it", async () => {
  const folder = await withFolder();
  const children = Array.from({ length: 20 }, () => withProgram("take-run.ts", [folder, "r1"]));
  await Promise.all(children.map((child) => messageOf(child)));
  const answers = children.map((child) => messageOf(child));
  for (const child of children) child.send("go");
  const said = (await Promise.all(answers)) as { pid: number; got: string; holder?: number }[];
  const winners = said.filter(({ got }) => got === "the run");
  expect(winners).toHaveLength(1);
  const others = said.filter(({ got }) => got !== "the run");
  expect(others).toEqual(
    others.map(({ pid }) => ({ pid, got: "RUN_BUSY", holder: winners[0]?.pid })),
  );
}, 180_000);
