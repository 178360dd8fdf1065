import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli, startCli } from "../helpers/cli.ts";
import { withFolder } from "../helpers/engine.ts";
import { about, hold, line, startHeld, until } from "../helpers/held-run.ts";
import { snapshotOf } from "../helpers/run-snapshot.ts";

const RESUMERS = 20;

test(`${RESUMERS} processes resume one run: one executes it, the others say which`, async () => {
  const folder = await withFolder();
  const tasks = [
    `first: { ${line()} }`,
    `held: { ${hold}, dependsOn: first }`,
    `last: { ${line()}, dependsOn: held }`,
  ];
  const run = await startHeld(folder, tasks, "held");
  run.child.kill("SIGKILL");
  await run.end;

  const resumers = Array.from({ length: RESUMERS }, () =>
    startCli(about("resume", run.runId), folder),
  );
  const refused = new Set(resumers);
  let ended = 0;
  for (const { end } of resumers) void end.then(() => ended++);
  await until(() => ended >= RESUMERS - 1);
  const winner = resumers.find(({ child }) => child.exitCode === null);
  if (!winner) throw new Error("none executes the run");
  refused.delete(winner);
  await run.go();

  expect((await winner.end).code).toBe(0);
  const owner = `process ${winner.child.pid} on ${hostname()}`;
  for (const { end } of refused) {
    const { code, stderr } = await end;
    expect({ code, stderr }).toMatchObject({ code: 75, stderr: expect.stringContaining(owner) });
    expect(stderr).toContain("RUN_BUSY");
  }
  const snapshot = snapshotOf(run.checkpoints);
  expect(snapshot?.run).toMatchObject({ status: "COMPLETED", attempts: 2 });
  expect(snapshot?.events.filter(({ type }) => type === "run-started")).toHaveLength(2);
  expect(await readFile(join(folder, "lines"), "utf8")).toBe("first\nlast\n");

  const late = await cli(about("resume", run.runId), folder);
  expect(late.code).toBe(0);
  expect(snapshotOf(run.checkpoints)).toEqual(snapshot);
}, 180_000);
