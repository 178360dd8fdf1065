import { expect, test } from "vitest";
import { workflowApp } from "./workflow-app.ts";

const CONFIG = `
workflows:
  inner: { tasks: { x: { kind: module, path: work.mjs }, y: { kind: module, path: work.mjs, dependsOn: x } } }
  daily:
    tasks:
      get: { kind: command, command: [echo, hi] }
      books: { kind: workflow, workflow: inner, dependsOn: get }
      mail: { kind: module, path: work.mjs, dependsOn: [get, books], trigger: all_done, critical: true }
accounts: [{ id: one }, { id: two }]
`;

test("a configuration that holds is summed up; nothing is run and nothing kept", async () => {
  const { app, config, path } = await workflowApp();
  const { configPath } = await config(CONFIG);
  expect(await app.check(configPath)).toEqual({
    configPath,
    accounts: ["one", "two"],
    workflows: [
      { name: "inner", tasks: 2, dependencies: 1 },
      { name: "daily", tasks: 3, dependencies: 3 },
    ],
  });
  expect(await app.runs()).toEqual([]);
  await expect(app.check(path("none.yaml"))).rejects.toMatchObject({ code: "CONFIG_MISSING" });
});

test("all that is wrong is told at once, with its place and what might be meant", async () => {
  const { app, config } = await workflowApp();
  const { configPath } = await config(`
workflows:
  daily:
    tasks:
      get: { kind: comand, command: [echo] }
      a: { kind: module, path: work.mjs, dependsOn: [c] }
      b: { kind: module, path: work.mjs, dependsOn: [a] }
      c: { kind: module, path: work.mjs, dependsOn: [b] }
      d: { kind: module, path: work.mjs, dependsOn: gett }
      e: { kind: command, command: [echo, "\${tasks.d.files}"] }
accounts: [{ id: one }]
`);
  const error: unknown = await app.check(configPath).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "CONFIG_INVALID" });
  const message = error instanceof Error ? error.message : "";
  for (const part of [
    /5:\d+.*comand.*command/,
    /a → c → b → a|a → b → c → a|c → b → a/,
    /gett.*get/,
    /tasks\.d/,
  ]) {
    expect(message).toMatch(part);
  }
  await expect(app.run({ configPath })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  expect(await app.runs()).toEqual([]);
});

test("a workflow is drawn in four formats, with what is nested in it", async () => {
  const { app, config } = await workflowApp();
  const { configPath } = await config(CONFIG);
  const mermaid = await app.graph(configPath, "mermaid", "daily");
  expect(mermaid).toMatch(/^(flowchart|graph) /m);
  const dot = await app.graph(configPath, "dot", "daily");
  expect(dot).toMatch(/^digraph /);
  const svg = await app.graph(configPath, "svg", "daily");
  expect(svg).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
  for (const drawing of [mermaid, dot, svg]) {
    for (const id of ["get", "books", "mail", "x", "y"]) {
      expect(drawing).toMatch(new RegExp(`[">]${id}\\b`));
    }
  }
  const json: unknown = JSON.parse(await app.graph(configPath, "json", "daily"));
  expect(json).toMatchObject({
    tasks: [{ id: "get" }, { id: "books" }, { id: "mail", dependsOn: ["get", "books"] }],
  });
  expect(await app.graph(configPath, "mermaid", "inner")).not.toContain("books");
});

test("without a name the only workflow is drawn, or default; an unknown one is named", async () => {
  const { app, config } = await workflowApp();
  const { configPath } = await config(CONFIG);
  await expect(app.graph(configPath, "dot", "weekly")).rejects.toMatchObject({
    code: "WORKFLOW_UNKNOWN",
    message: expect.stringContaining("daily"),
  });
  await expect(app.graph(configPath, "dot")).rejects.toMatchObject({ code: "WORKFLOW_UNKNOWN" });
  await config(
    "workflows: { only: { tasks: { a: { kind: module, path: work.mjs } } } }\naccounts: [{ id: one }]\n",
  );
  expect(await app.graph(configPath, "dot")).toMatch(/\ba\b/);
});

test("a workflow of 300 tasks with names that clash runs as it is declared", async () => {
  const { app, config } = await workflowApp();
  const ids = ["run", "settle", "outer", "account", "outcomes"];
  for (let i = ids.length; i < 300; i++) ids.push(`t${i}`);
  const tasks = ids.map((id, i) => {
    const after = i < 100 ? "" : `, dependsOn: [${ids[i - 100]}]`;
    return `${id}: { kind: module, path: work.mjs${after} }`;
  });
  const done: string[] = [];
  const { run } = await app.run(
    await config(`
workflows:
  wide:
    maxParallel: 20
    tasks:
      ${tasks.join("\n      ")}
accounts: [{ id: one }]
`),
    { onEvent: (event) => event.type === "task-finished" && done.push(event.task) },
  );
  expect(run.status).toBe("COMPLETED");
  expect(done.toSorted()).toEqual(ids.toSorted());
  expect(done.indexOf("run")).toBeLessThan(done.indexOf("t100"));
});
