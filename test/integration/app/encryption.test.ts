import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { appOf, taskOf, workflowApp } from "./workflow-app.ts";

afterEach(() => vi.unstubAllEnvs());

/** Files that hold a text, by their names. */
async function holders(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(text)) found.push(basename(path));
  }
  return found.toSorted();
}

const CONFIG = `
vars: { password: secret-in-a-variable }
workflows:
  daily:
    tasks:
      a: { kind: module, path: work.mjs, with: { out: { text: secret-in-a-result, list: [big] }, note: "\${vars.password}" } }
      b: { kind: command, command: [echo, "\${tasks.a.text}"], dependsOn: a }
      c: { kind: command, command: [sh, -c, "exit 4"], env: { TOKEN: secret-in-an-option } }
      d: { kind: workflow, workflow: inner, dependsOn: b }
  inner: { tasks: { x: { kind: module, path: work.mjs, with: { out: { text: secret-in-a-nested-one } } } } }
accounts: [{ id: one }]
`;

const SECRETS = [
  "secret-in-a-variable",
  "secret-in-a-result",
  "secret-in-an-option",
  "secret-in-a-nested-one",
];

test("with a key nothing that tasks were given or gave is kept in plain; what a command prints is", async () => {
  vi.stubEnv("DATA_WRANGLER_KEY", randomBytes(32).toString("hex"));
  const { app, config, path } = await workflowApp();
  const { run, tasks } = await app.run({ ...(await config(CONFIG)), workflow: "daily" });
  expect(run.status).toBe("FAILED");
  expect(taskOf({ tasks }, "b").results["stdoutTail"]).toBe("secret-in-a-result\n");
  const found = new Map<string, string[]>();
  for (const secret of SECRETS) found.set(secret, await holders(path("checkpoints"), secret));
  expect(Object.fromEntries(found)).toEqual({
    "secret-in-a-variable": [],
    "secret-in-a-result": ["attempt-1.stdout.txt"],
    "secret-in-an-option": [],
    "secret-in-a-nested-one": [],
  });
  const kept = await readdir(path("checkpoints", "runs", run.runId));
  expect(kept.toSorted()).toEqual([
    "log.jsonl",
    "report.html",
    "settings.sealed",
    "summary.json",
    "work",
  ]);
  const again = await app.retry(run.runId, "a");
  expect(taskOf(again, "a")).toMatchObject({ round: 2, results: { text: "secret-in-a-result" } });
});

test("without a key the same is found: the search would have told", async () => {
  const { app, config, path } = await workflowApp();
  const { run } = await app.run({ ...(await config(CONFIG)), workflow: "daily" });
  for (const secret of SECRETS) {
    expect(await holders(path("checkpoints"), secret)).toContain("settings.json");
  }
  expect(await readdir(path("checkpoints", "runs", run.runId))).toContain("tasks.json");
  expect(await holders(path("checkpoints"), "secret-in-a-nested-one")).toContain("tasks.json");
});

test("another key, or none, opens nothing", async () => {
  const key = randomBytes(32).toString("base64");
  vi.stubEnv("DATA_WRANGLER_KEY", key);
  const { app, config, folder } = await workflowApp();
  const request = { ...(await config(CONFIG)), workflow: "daily" };
  const { run } = await app.run(request);
  await app.close();
  for (const other of [randomBytes(32).toString("base64"), ""]) {
    vi.stubEnv("DATA_WRANGLER_KEY", other);
    const locked = appOf(folder);
    await expect(locked.run(request)).rejects.toMatchObject({ code: "STORE_LOCKED" });
    await expect(locked.history(run.runId)).rejects.toMatchObject({ code: "STORE_LOCKED" });
  }
  vi.stubEnv("DATA_WRANGLER_KEY", key);
  expect(taskOf(await appOf(folder).status(run.runId), "a").results).toMatchObject({
    text: "secret-in-a-result",
  });
});
