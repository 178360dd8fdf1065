import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { attemptsOf, eventsOf, statuses, taskOf, workflowApp } from "./workflow-app.ts";

/** A table with units, stray blanks and null spellings. */
const orders = (first: number) =>
  `id,town,weight,note\n${Array.from({ length: 40 }, (_, i) => {
    const town = ["Graz", "Linz", "Wels"][i % 3];
    return `${first + i},${i === 7 ? ` ${town}` : town},${i + 1} kg,${i % 5 === 0 ? "N/A" : `n${i % 4}`}`;
  }).join("\n")}\n`;

const STAGES = ["profile", "generate", "validate", "score", "rank", "apply"];

test("a table that a command made is prepared, and its cleaned file handed on", async () => {
  const { app, config, path, write } = await workflowApp();
  await write("source.csv", orders(1));
  const { run, tasks, accounts } = await app.run(
    await config(`
workflows:
  daily:
    tasks:
      get:
        kind: command
        command: [sh, -c, "cp source.csv made.csv && echo '{\\"files\\": [\\"made.csv\\"]}'"]
        results: json
      prepare: { kind: prepare, dependsOn: get, inputs: "\${tasks.get.files}", output: clean }
      count: { kind: command, dependsOn: prepare, command: [wc, -l, "\${tasks.prepare.files[0]}"] }
accounts: [{ id: one }]
`),
  );
  expect(taskOf({ tasks }, "prepare").failure).toBeNull();
  expect(run.status).toBe("COMPLETED");
  const { files, datasets, reports } = taskOf({ tasks }, "prepare").results;
  expect(files).toEqual([
    path("clean", "made", "cleaned.csv"),
    path("clean", "made", "cleaned.parquet"),
  ]);
  expect(datasets).toMatchObject({ made: { status: "COMPLETED", recordsIn: 40, rowsOut: 40 } });
  expect(reports).toEqual([path("clean", "made", "report.html")]);
  expect(taskOf({ tasks }, "count").results["stdoutTail"]).toContain("41 ");
  expect(accounts).toMatchObject([{ datasets: [{ dataset: "made", recordsIn: 40 }] }]);
  const { stages } = await app.status(run.runId);
  expect(stages.map(({ task, dataset, status }) => [task, dataset, status])).toEqual(
    Array.from({ length: 7 }, () => ["prepare", "made", "COMPLETED"]),
  );
});

test("the stages as six tasks give the same bytes as one prepare, each done once", async () => {
  const { app, config, path, write } = await workflowApp();
  await write("orders.csv", orders(1));
  const chain = STAGES.map((kind, i) =>
    i === 0
      ? `${kind}: { kind: ${kind} }`
      : `${kind}: { kind: ${kind}, dependsOn: ${STAGES[i - 1]} }`,
  );
  await config(`
workflows:
  whole: { tasks: { prepare: { kind: prepare, output: whole } } }
  stages:
    tasks:
      ${chain.join("\n      ")}
output: staged
accounts: [{ id: one, inputs: orders.csv }]
`);
  const configPath = path("pipeline.yaml");
  const whole = await app.run({ configPath, workflow: "whole" });
  const staged = await app.run({ configPath, workflow: "stages" });
  expect([whole.run.status, staged.run.status]).toEqual(["COMPLETED", "COMPLETED"]);
  expect(statuses(staged)).toEqual(Object.fromEntries(STAGES.map((kind) => [kind, "COMPLETED"])));
  for (const name of ["cleaned.csv", "cleaned.parquet", "changes.parquet", "recipe.json"]) {
    const [one, other] = await Promise.all([
      readFile(path("whole", "orders", name)),
      readFile(path("staged", "one", "orders", name)),
    ]);
    expect([name, one.equals(other)]).toEqual([name, true]);
  }
  expect(taskOf(staged, "profile").results["files"]).toEqual([
    path("staged", "one", "orders", "profile.json"),
  ]);
  const { events } = await app.history(staged.run.runId);
  expect(eventsOf(events, "stage-finished").map(({ stage }) => stage)).toEqual([
    "loading",
    "profiling",
    "transformation",
    "validation",
    "scoring",
    "ranking",
    "apply",
  ]);
});

test("two tasks of one account prepare datasets of their own at once", async () => {
  const { app, config, path, write } = await workflowApp();
  await write("a.csv", orders(1));
  await write("b.csv", orders(1000));
  const { run, tasks } = await app.run(
    await config(`
workflows:
  daily:
    tasks:
      first: { kind: prepare, datasets: [a], output: first }
      second: { kind: prepare, datasets: [b], output: second }
accounts: [{ id: one, inputs: [a.csv, b.csv] }]
`),
  );
  expect(run.status).toBe("COMPLETED");
  expect(await readdir(path("first"))).toEqual(["a"]);
  expect(await readdir(path("second"))).toEqual(["b"]);
  expect(taskOf({ tasks }, "first").results["datasets"]).toMatchObject({ a: { rowsOut: 40 } });
  expect(taskOf({ tasks }, "second").results["datasets"]).toMatchObject({ b: { rowsOut: 40 } });
  expect(await readFile(path("second", "b", "cleaned.csv"), "utf8")).toContain("1000,Graz");
});

test("a dataset that fails stops no other; the task fails with its code and what the others gave", async () => {
  const { app, config, path, write } = await workflowApp();
  await write("good.csv", orders(1));
  await write("broken.csv", "\0".repeat(4096));
  const { run, tasks, accounts } = await app.run(
    await config(`
workflows:
  daily:
    tasks:
      prepare: { kind: prepare }
      note: { kind: module, path: work.mjs, dependsOn: prepare, trigger: all_done, with: { out: { files: "\${tasks.prepare.files}" } } }
output: out
accounts: [{ id: one, inputs: [broken.csv, good.csv] }]
`),
  );
  expect(run.status).toBe("FAILED");
  const record = taskOf({ tasks }, "prepare");
  expect(record).toMatchObject({
    status: "FAILED",
    attempts: 1,
    failure: { code: "INPUT_UNREADABLE", class: "InputError" },
    results: {
      datasets: { broken: { status: "FAILED" }, good: { status: "COMPLETED", rowsOut: 40 } },
    },
  });
  expect(record.failure?.message).toContain("1 of 2 datasets failed");
  expect(taskOf({ tasks }, "note").results["files"]).toEqual(record.results["files"]);
  expect(await readFile(path("out", "one", "good", "cleaned.csv"), "utf8")).toContain("Graz");
  expect(accounts[0]?.datasets.map(({ dataset, status }) => [dataset, status])).toEqual([
    ["broken", "FAILED"],
    ["good", "COMPLETED"],
  ]);
});

test("an attempt that is told to end in the middle of a stage has ended before the next begins", async () => {
  const { app, config, write } = await workflowApp();
  await write("orders.csv", orders(1));
  const controller = new AbortController();
  const request = await config(`
workflows: { daily: { tasks: { prepare: { kind: prepare } } } }
output: out
accounts: [{ id: one, inputs: orders.csv }]
`);
  const stopped = await app.run(request, {
    signal: controller.signal,
    onEvent: (event) => {
      if (event.type === "stage-started" && event.stage === "apply") controller.abort();
    },
  });
  expect(stopped.run.status).toBe("WAITING");
  const resumed = await app.resume(stopped.run.runId);
  expect(resumed.run).toMatchObject({ status: "COMPLETED", attempts: 2 });
  const history = await app.history(stopped.run.runId);
  expect(attemptsOf(history, "prepare")).toEqual([
    expect.stringContaining("CANCELED"),
    "COMPLETED",
  ]);
});
