import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { exists } from "../../../src/core/index.ts";
import { RunRecord, TaskRecord } from "../../../src/orchestration/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { until } from "../../helpers/held-run.ts";
import { messageOf, withProgram } from "../../helpers/store.ts";
import { attemptsOf, eventsOf, historyOf, taskOf, workflowApp } from "./workflow-app.ts";

const NOTE = `
import { appendFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
export default async function ({ task, configFolder, options }) {
  await appendFile(configFolder + "/noted", task + " " + process.pid + "\\n");
  await sleep(options.ms ?? 0);
}
`;
/** Ends the service as the end of a machine does. */
const END = `echo "ending it"; echo ran >> restarts; kill -9 $(cat pid)`;

const Report = z.object({ run: RunRecord, tasks: z.array(TaskRecord) });

async function folderOf(restart: string, others = ""): Promise<string> {
  const folder = await withFolder();
  await writeFile(join(folder, "note.mjs"), NOTE);
  await writeFile(join(folder, "end.sh"), END);
  await writeFile(
    join(folder, "pipeline.yaml"),
    `
workflows:
  night:
    tasks:
      before: { kind: module, path: note.mjs }
      again: { kind: restart, dependsOn: before, ${restart} }
      after: { kind: module, path: note.mjs, dependsOn: again }
${others}
accounts: [{ id: one }]
`,
  );
  return folder;
}

const linesOf = async (folder: string, name: string) =>
  (await readFile(join(folder, name), "utf8")).trimEnd().split("\n");

describe("a restart", () => {
  test("ends the process; the next one goes on, and finds that it took place, once", async () => {
    const folder = await folderOf(`scope: service, command: [sh, end.sh], within: 50s`);
    const first = withProgram("restart-service.ts", [folder]);
    const [, signal] = await once(first, "exit");
    expect(signal).toBe("SIGKILL");

    const second = withProgram("restart-service.ts", [folder]);
    const { run, tasks } = Report.parse(await messageOf(second));
    expect(run).toMatchObject({ status: "COMPLETED", waitsFor: null, attempts: 2 });
    const again = taskOf({ tasks }, "again");
    expect(again).toMatchObject({ status: "COMPLETED", attempts: 2 });
    const { restarted, outputPath } = z
      .object({ restarted: z.boolean(), outputPath: z.string() })
      .parse(again.results);
    expect(restarted).toBe(true);
    expect(await readFile(outputPath, "utf8")).toBe("ending it\n");
    expect(await linesOf(folder, "restarts")).toEqual(["ran"]);
    expect(await linesOf(folder, "noted")).toEqual([`before ${first.pid}`, `after ${second.pid}`]);
    const counted = z.array(z.string());
    const restarts = join(folder, "checkpoints", "restarts.json");
    expect(counted.parse(JSON.parse(await readFile(restarts, "utf8")))).toHaveLength(1);
  });

  test("that was ordered and whose command had not begun is ordered again", async () => {
    const others = `      slow: { kind: module, path: note.mjs, with: { ms: 60000 } }`;
    const restart = `scope: machine, command: [sh, -c, "echo ran >> restarts"], within: 1s`;
    const folder = await folderOf(restart, others);
    const first = withProgram("restart-service.ts", [folder]);
    await until(() => exists(join(folder, "checkpoints", "restarts.json")));
    first.kill("SIGKILL");
    await once(first, "exit");
    expect(await exists(join(folder, "restarts"))).toBe(false);

    await writeFile(join(folder, "note.mjs"), NOTE.replace("sleep(", "(() => {})("));
    const second = withProgram("restart-service.ts", [folder]);
    const { tasks } = Report.parse(await messageOf(second));
    expect(await linesOf(folder, "restarts")).toEqual(["ran"]);
    // The machine that the tests run on was not restarted.
    expect(taskOf({ tasks }, "again")).toMatchObject({
      status: "FAILED",
      failure: { code: "RESTART_FAILED" },
    });
  });
});

describe("a restart that does not take place", () => {
  test("fails its task when its time is over, and the run goes on", async () => {
    const made = await workflowApp();
    const history = await historyOf(
      made,
      `again: { kind: restart, scope: service, command: [sh, -c, "echo nothing done"], within: 1s }
after: { kind: module, path: work.mjs, dependsOn: again, trigger: all_failed }`,
    );
    const again = taskOf(history, "again");
    expect(again).toMatchObject({ status: "FAILED", failure: { code: "RESTART_FAILED" } });
    expect(again.failure?.message).toContain("nothing done");
    expect(taskOf(history, "after").status).toBe("COMPLETED");
    expect(history.run).toMatchObject({ status: "FAILED", attempts: 2, waitsFor: null });
    expect(attemptsOf(history, "again")).toEqual([
      "CANCELED: The run was interrupted. Its process hands over to a restart.",
      "FAILED: 1 of 1 attempts failed",
    ]);
    // It was meant to end the process: nothing about it is for a person to find out.
    expect(eventsOf(history.events, "effect-uncertain")).toEqual([]);
    expect(history.effects).toMatchObject([{ status: "NOT_DONE", wasUncertain: false }]);
  });

  test("fails at once when its command does, and is tried again by the task's policy", async () => {
    const made = await workflowApp();
    const history = await historyOf(
      made,
      `again: { kind: restart, command: [sh, -c, "echo no right to do that; exit 3"], within: 50s, retry: { attempts: 2, initial: 1ms } }`,
    );
    const failures = history.attempts.flatMap(({ failure }) => failure?.message ?? []);
    expect(failures).toHaveLength(2);
    for (const message of failures)
      expect(message).toMatch(/no right to do that\nsh .*exit code 3/);
  });

  test("says so when its command cannot be started", async () => {
    const made = await workflowApp();
    const history = await historyOf(
      made,
      "again: { kind: restart, command: [no-such-program], within: 50s }",
    );
    expect(taskOf(history, "again").failure?.message).toContain("no-such-program");
    expect(taskOf(history, "again").failure?.message).toContain("ENOENT");
  });

  test("is refused when there were too many within a day, whichever tasks they were of", async () => {
    const made = await workflowApp();
    const again = "kind: restart, command: [sh, -c, 'exit 1'], within: 50s, maxPerDay: 2";
    const tasks = ["a", "b", "c"].map(
      (id, i, ids) =>
        `${id}: { ${again}, ${i > 0 ? `dependsOn: ${ids[i - 1]}, trigger: all_done` : ""} }`,
    );
    const history = await historyOf(made, tasks.join("\n"));
    expect(taskOf(history, "b").failure?.message).toContain("exit code 1");
    expect(taskOf(history, "c").failure).toMatchObject({ code: "RESTART_FAILED" });
    expect(taskOf(history, "c").failure?.message).toContain("maxPerDay lets 2");
  });

  test("is left out when it is only rehearsed", async () => {
    const made = await workflowApp();
    const history = await historyOf(
      made,
      "again: { kind: restart, command: [no-such-program], dryRun: true }",
    );
    expect(taskOf(history, "again").results).toEqual({ restarted: false, outputPath: null });
    expect(history.effects).toEqual([]);
  });
});

test("all runs of the process end for a restart, and go on when it has failed", async () => {
  const made = await workflowApp();
  const { configPath } = await made.config(`
workflows:
  restart:
    tasks:
      gate: { kind: module, path: work.mjs, with: { gate: "${made.path("go")}" } }
      again: { kind: restart, command: [sh, -c, "exit 1"], dependsOn: gate }
  work:
    tasks:
      long: { kind: module, path: work.mjs, with: { mark: "${made.path("marks")}", gate: "${made.path("end")}" } }
      next: { kind: module, path: work.mjs, dependsOn: long }
accounts: [{ id: one }]
`);
  const work = made.app.run({ configPath, workflow: "work" });
  await until(() => exists(made.path("marks")));
  const draining = new Promise<void>((drained) => {
    void made.app.run(
      { configPath, workflow: "restart" },
      { onEvent: ({ type }) => type === "run-draining" && drained() },
    );
  });
  await made.write("go", "");
  await draining;
  await made.write("end", "");
  const { run, tasks } = await work;
  expect(run).toMatchObject({ status: "COMPLETED", attempts: 2 });
  expect(taskOf({ tasks }, "long").attempts).toBe(1);
  await until(async () => (await made.app.runs()).every(({ endedAt }) => endedAt !== null));
});
