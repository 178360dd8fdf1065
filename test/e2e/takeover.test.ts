import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { cli, startCli } from "../helpers/cli.ts";
import { withFolder } from "../helpers/engine.ts";
import { about, hold, type HeldRun, line, startHeld, until } from "../helpers/held-run.ts";
import { snapshotOf } from "../helpers/run-snapshot.ts";

/** When the lease of the only run ends unless it is renewed; milliseconds since the epoch. */
function expiryOf({ checkpoints }: HeldRun): number {
  const database = new Database(join(checkpoints, "wrangler.sqlite"), { readonly: true });
  try {
    return Number(database.prepare("SELECT expires_at FROM leases").pluck().get());
  } finally {
    database.close();
  }
}

test("an owner that slept past its lease finds its run taken over, and writes nothing more", async () => {
  const folder = await withFolder();
  // The owner is stopped while "late" is at work, which goes on when the owner wakes up.
  const tasks = [
    `late: { ${line(2_000)} }`,
    `held: { ${hold} }`,
    `last: { ${line()}, dependsOn: [late, held] }`,
  ];
  const owner = await startHeld(folder, tasks, "held");
  owner.child.kill("SIGSTOP");
  onTestFinished(() => void owner.child.kill("SIGKILL"));
  const busy = await cli(about("resume", owner.runId), folder);
  expect(busy).toMatchObject({ code: 75, stderr: expect.stringContaining("RUN_BUSY") });
  expect(busy.stderr).toContain(`process ${owner.child.pid} `);

  await sleep(Math.max(0, expiryOf(owner) - Date.now()) + 1);
  const heir = startCli(about("resume", owner.runId), folder);
  await heir.said("acme/late completed");
  const before = snapshotOf(owner.checkpoints);

  owner.child.kill("SIGCONT");
  const lost = await owner.end;
  expect(lost).toMatchObject({ code: 75, stderr: expect.stringContaining("RUN_LOST") });
  expect(snapshotOf(owner.checkpoints)).toEqual(before);

  await owner.go();
  expect((await heir.end).code).toBe(0);
  const end = snapshotOf(owner.checkpoints);
  expect(end?.run).toMatchObject({ status: "COMPLETED", attempts: 2 });
  const { pid } = heir.child;
  expect(end?.tasks.map(({ task, results }) => ({ task, pid: results["pid"] }))).toEqual(
    ["late", "held", "last"].map((task) => ({ task, pid })),
  );
  expect(
    end?.attempts.map(({ task, attempt, status }) => `${task} ${attempt} ${status}`).toSorted(),
  ).toEqual([
    "held 1 CANCELED",
    "held 2 COMPLETED",
    "last 1 COMPLETED",
    "late 1 CANCELED",
    "late 2 COMPLETED",
  ]);
});

test("a killed owner's run is taken up at once, though its lease has not run out", async () => {
  const folder = await withFolder();
  const owner = await startHeld(folder, [`held: { ${hold} }`], "held");
  await until(() => expiryOf(owner) > Date.now() + 3_000);
  owner.child.kill("SIGKILL");
  await owner.end;
  await owner.go();
  expect(expiryOf(owner)).toBeGreaterThan(Date.now());
  expect((await cli(about("resume", owner.runId), folder)).code).toBe(0);
});
