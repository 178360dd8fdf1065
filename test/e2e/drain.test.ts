import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exists } from "../../src/core/index.ts";
import { cli, startCli } from "../helpers/cli.ts";
import { withFolder } from "../helpers/engine.ts";
import { about, hold, line, startHeld, until } from "../helpers/held-run.ts";
import { snapshotOf } from "../helpers/run-snapshot.ts";

const TASKS = [`held: { ${hold} }`, `next: { ${line()}, dependsOn: held }`];

/** Where the run and its tasks stand. */
function standOf(checkpoints: string) {
  const snapshot = snapshotOf(checkpoints);
  const tasks = snapshot?.tasks.map(({ task, status, attempts }) => [task, status, attempts]) ?? [];
  return { run: snapshot?.run.status, tasks };
}

function isDraining(checkpoints: string): boolean {
  return snapshotOf(checkpoints)?.events.some(({ type }) => type === "run-draining") === true;
}

/** Whether a process lives that is not only a zombie, waiting for its parent to look. */
async function lives(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !stat.includes(") Z ");
}

describe("a run that is asked to end", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s: what is at work ends, nothing more starts, %d", async (signal, status) => {
    const folder = await withFolder();
    const run = await startHeld(folder, TASKS, "held");
    run.child.kill(signal);
    await run.said("no new task starts");
    await run.go();
    const { code, stdout } = await run.end;
    expect(code).toBe(status);
    expect(stdout).toContain(`data-wrangler resume ${run.runId}`);
    expect(standOf(run.checkpoints)).toEqual({ run: "WAITING", tasks: [["held", "COMPLETED", 1]] });

    expect((await cli(about("resume", run.runId), folder)).code).toBe(0);
    expect(standOf(run.checkpoints)).toEqual({
      run: "COMPLETED",
      tasks: [
        ["held", "COMPLETED", 1],
        ["next", "COMPLETED", 1],
      ],
    });
  });

  test("a second signal ends what is at work at once, a command with all it started", async () => {
    const folder = await withFolder();
    const script = "[ -e go ] || { sleep 300 & echo $! $$ > pids; touch held.started; wait; }";
    const command = `held: { kind: command, command: [sh, -c, "${script}"], repeatable: true }`;
    const run = await startHeld(folder, [command], "held");
    const pids = (await readFile(join(folder, "pids"), "utf8")).trim().split(" ").map(Number);
    expect(await Promise.all(pids.map(lives))).toEqual([true, true]);
    run.child.kill("SIGINT");
    await run.said("interrupt again");
    run.child.kill("SIGINT");
    expect((await run.end).code).toBe(130);
    expect(await Promise.all(pids.map(lives))).toEqual([false, false]);
    expect(standOf(run.checkpoints).run).toBe("WAITING");

    await run.go();
    expect((await cli(about("resume", run.runId), folder)).code).toBe(0);
    expect(standOf(run.checkpoints)).toEqual({
      run: "COMPLETED",
      tasks: [["held", "COMPLETED", 2]],
    });
  });
});

describe("a run that another process speaks to", () => {
  test("pause: what is at work ends, nothing more starts, resume goes on", async () => {
    const folder = await withFolder();
    const run = await startHeld(folder, TASKS, "held");
    const pause = startCli(about("pause", run.runId), folder);
    await until(() => isDraining(run.checkpoints));
    await run.go();
    expect((await run.end).code).toBe(75);
    const { code, stdout } = await pause.end;
    expect(code).toBe(0);
    expect(stdout).toContain(`data-wrangler resume ${run.runId}`);
    expect(standOf(run.checkpoints)).toEqual({ run: "WAITING", tasks: [["held", "COMPLETED", 1]] });
    expect((await cli(about("resume", run.runId), folder)).code).toBe(0);
  });

  test("pause, and then its process is killed: resume goes on all the same", async () => {
    const folder = await withFolder();
    const tasks = [
      `held: { ${hold} }`,
      `slow: { ${line(600)}, dependsOn: held }`,
      `last: { ${line()}, dependsOn: slow }`,
    ];
    const run = await startHeld(folder, tasks, "held");
    const pause = startCli(about("pause", run.runId), folder);
    await until(() => isDraining(run.checkpoints));
    run.child.kill("SIGKILL");
    expect((await pause.end).code).toBe(0);
    await run.go();
    expect((await cli(about("resume", run.runId), folder)).code).toBe(0);
  });

  test("cancel: what is at work is ended, and the run is over", async () => {
    const folder = await withFolder();
    const run = await startHeld(folder, TASKS, "held");
    const cancel = await cli(about("cancel", run.runId), folder);
    expect(cancel.code).toBe(0);
    expect((await run.end).code).toBe(1);
    expect(standOf(run.checkpoints)).toEqual({
      run: "CANCELED",
      tasks: [
        ["held", "CANCELED", 1],
        ["next", "CANCELED", 0],
      ],
    });
    const resumed = await cli(about("resume", run.runId), folder);
    expect(resumed).toMatchObject({ code: 2, stderr: expect.stringContaining("RUN_ENDED") });
    expect(await exists(join(folder, "lines"))).toBe(false);
  });

  test("cancel, with its process killed before: what had not ended is canceled", async () => {
    const folder = await withFolder();
    const run = await startHeld(folder, TASKS, "held");
    run.child.kill("SIGKILL");
    await run.end;
    expect((await cli(about("cancel", run.runId), folder)).code).toBe(0);
    expect(standOf(run.checkpoints)).toEqual({
      run: "CANCELED",
      tasks: [
        ["held", "CANCELED", 1],
        ["next", "CANCELED", 0],
      ],
    });
    const { attempts = [], events = [] } = snapshotOf(run.checkpoints) ?? {};
    expect(attempts.map(({ status }) => status)).toEqual(["CANCELED"]);
    const last = events.slice(-3).map(({ type }) => type);
    expect(last).toEqual(["task-finished", "account-finished", "run-finished"]);
  });

  test("retry of a task that there is not: the run stays as it was", async () => {
    const folder = await withFolder();
    const run = await startHeld(folder, TASKS, "held");
    await run.go();
    expect((await run.end).code).toBe(0);
    const before = snapshotOf(run.checkpoints);
    const retry = await cli(about("retry", run.runId, "--task", "hold"), folder);
    expect(retry).toMatchObject({ code: 2, stderr: expect.stringContaining("TASK_UNKNOWN") });
    expect(snapshotOf(run.checkpoints)).toEqual(before);
  });

  test("watch: it sees what happened before and to the end, and ends like the run", async () => {
    const folder = await withFolder();
    const tasks = [`first: { ${line()} }`, `held: { ${hold}, dependsOn: first }`, TASKS[1] ?? ""];
    const run = await startHeld(folder, tasks, "held");
    const watch = startCli(about("watch", run.runId), folder);
    await watch.said("acme/first completed");
    await run.go();
    expect((await run.end).code).toBe(0);
    const { code, stderr, stdout } = await watch.end;
    expect(code).toBe(0);
    for (const task of ["first", "held", "next"]) {
      expect(stderr).toContain(`acme/${task} completed`);
    }
    expect(stdout).toContain("completed: 1 of 1 account ");
  });

  test("watch goes on after the process that executed the run was killed and another resumed it", async () => {
    const folder = await withFolder();
    const run = await startHeld(folder, TASKS, "held");
    run.child.kill("SIGKILL");
    await run.end;
    await writeFile(join(folder, "go"), "");
    expect((await cli(about("resume", run.runId), folder)).code).toBe(0);
    const { code, stderr } = await cli(about("watch", run.runId), folder);
    expect(code).toBe(0);
    expect(stderr).toContain("acme/next completed");
  });
});
