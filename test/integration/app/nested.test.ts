import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { attemptsOf, statuses, workflowApp, type WorkflowApp } from "./workflow-app.ts";

/** Tasks as they began, in order: `PATH ATTEMPT`. */
async function begun(made: WorkflowApp): Promise<string[]> {
  const lines = (await readFile(made.path("marks"), "utf8")).trim().split("\n");
  return lines
    .filter((line) => line.startsWith("start "))
    .map((line) => line.split(" ").slice(2).join(" "));
}

test("a task that is tried again does not repeat what completed two workflows below it", async () => {
  const made = await workflowApp();
  const mark = `mark: "${made.path("marks")}"`;
  const request = await made.config(`
workflows:
  low: { tasks: {
    done: { kind: module, path: work.mjs, with: { ${mark} } },
    bad: { kind: module, path: bad.mjs, dependsOn: done } } }
  mid: { tasks: { m: { kind: workflow, workflow: low } } }
  top: { tasks: { o: { kind: workflow, workflow: mid, retry: { attempts: 2, initial: 1ms } } } }
accounts: [{ id: one }]
`);
  await made.write(
    "bad.mjs",
    "let n = 0; export default () => { if (n++ === 0) throw new Error('once'); };",
  );
  const result = await made.app.run({ ...request, workflow: "top" });
  expect(result.run.status).toBe("COMPLETED");
  expect(attemptsOf(await made.app.history(result.run.runId), "o")).toEqual([
    "FAILED: retry in 0.0 s",
    "COMPLETED",
  ]);
  expect(await begun(made)).toEqual(["o/m/done 1"]);
});

test("a run that is retried goes on within a nested workflow where that failed", async () => {
  const made = await workflowApp();
  const mark = `mark: "${made.path("marks")}"`;
  const request = await made.config(`
workflows:
  low: { tasks: {
    done: { kind: module, path: work.mjs, with: { ${mark} } },
    bad: { kind: module, path: bad.mjs, dependsOn: done },
    last: { kind: module, path: work.mjs, with: { ${mark} }, dependsOn: bad } } }
  top: { tasks: { o: { kind: workflow, workflow: low, retry: { attempts: 2, initial: 1ms } } } }
accounts: [{ id: one }]
`);
  // Fails in both attempts of the first round and in the first of the second.
  await made.write(
    "bad.mjs",
    "let n = 0; export default () => { if (n++ < 3) throw new Error('no'); };",
  );
  const { run } = await made.app.run({ ...request, workflow: "top" });
  expect(run.status).toBe("FAILED");
  const again = await made.app.retry(run.runId);
  expect(again.run.status).toBe("COMPLETED");
  expect(await begun(made)).toEqual(["o/done 1", "o/last 1"]);
});

test("a drain leaves a nested workflow to go on, also when one of its tasks has failed", async () => {
  const made = await workflowApp();
  const request = await made.config(`
workflows:
  low: { tasks: {
    bad: { kind: module, path: work.mjs, with: { fail: 1 } },
    slow: { kind: module, path: work.mjs, with: { gate: "${made.path("gate")}" } },
    after: { kind: module, path: work.mjs, dependsOn: slow } } }
  top: { tasks: { o: { kind: workflow, workflow: low } } }
accounts: [{ id: one }]
`);
  const drain = new AbortController();
  const result = await made.app.run(
    { ...request, workflow: "top" },
    {
      drain: drain.signal,
      onEvent: (event) => {
        if (event.type !== "task-finished" || event.task !== "o/bad") return;
        drain.abort();
        void made.write("gate", "");
      },
    },
  );
  expect(result.run.status).toBe("WAITING");
  const resumed = await made.app.resume(result.run.runId);
  expect(resumed.run.status).toBe("FAILED");
  expect(statuses(resumed)).toEqual({
    o: "FAILED",
    "o/bad": "FAILED",
    "o/slow": "COMPLETED",
    "o/after": "COMPLETED",
  });
});
