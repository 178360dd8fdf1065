import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import type { RunHistory } from "../../../src/index.ts";
import { taskOf, workflowApp } from "./workflow-app.ts";

/** Unlike any that another test has read in this process, with signs that other forms write otherwise. */
const SECRET = `canary/+ "ü" ${randomBytes(8).toString("hex")}`;
const FORMS = {
  plain: SECRET,
  url: encodeURIComponent(SECRET),
  base64: Buffer.from(SECRET).toString("base64").replaceAll("=", ""),
  json: JSON.stringify(SECRET).slice(1, -1),
};

beforeEach(() => vi.stubEnv("PORTAL_PASSWORD", SECRET));
afterEach(() => vi.unstubAllEnvs());

/** Shows its secret wherever a task can show something. */
const LEAK = `
const forms = (text) => [text, encodeURIComponent(text), Buffer.from(text).toString("base64"), JSON.stringify(text)];
export async function give({ options: { text }, log }) {
  for (const one of forms(text)) log.info({ text: one, list: [one] }, "it is " + one);
  log.error({ err: new Error("with " + text, { cause: new Error("below " + text) }) }, "failed");
  return { long: text.length, texts: forms(text), map: { [text]: [text] } };
}
export async function fail({ options: { text } }) {
  const cause = new Error("below: " + forms(text).join(", "));
  const error = new Error("refused with " + forms(text).join(", "), { cause });
  throw Object.assign(error, { results: { half: "of " + text } });
}
export async function ask({ options: { text }, effect }) {
  await effect({ name: "ok " + text, cause: async () => ({ said: text }) });
  await effect({
    name: "post",
    cause: async () => { throw Object.assign(new Error("no answer to " + text), { code: "ECONNRESET" }); },
  });
}
`;

const CONFIG = `
secrets: { portal: PORTAL_PASSWORD, unset: NO_SUCH_SECRET }
workflows:
  daily:
    tasks:
      give: { kind: module, path: leak.mjs, export: give, with: { text: "\${secrets.portal}" } }
      fail: { kind: module, path: leak.mjs, export: fail, with: { text: "\${secrets.portal}" }, retry: 2 }
      skip: { kind: module, path: leak.mjs, export: ask, with: { text: "\${secrets.portal}" }, uncertain: skip }
      print:
        kind: command
        command: [node, print.mjs, "login of \${secrets.portal}"]
        env: { TOKEN: "\${secrets.portal}" }
        stdin: "\${secrets.portal}"
        results: json
      broken: { kind: command, command: [node, print.mjs, fail], env: { TOKEN: "\${secrets.portal}" } }
      missing: { kind: command, command: ["\${secrets.portal}"] }
      after: { kind: module, path: leak.mjs, export: give, dependsOn: [give], with: { text: "\${tasks.give.texts[0]}" } }
      nested: { kind: workflow, workflow: inner }
      unset: { kind: command, command: [echo, "\${secrets.unset}"] }
  inner: { tasks: { x: { kind: module, path: leak.mjs, export: fail, with: { text: "\${secrets.portal}" } } } }
accounts: [{ id: one }]
`;

/** Prints its secret in pieces, so that no piece has all of it. */
const PRINT = `
import { setTimeout as sleep } from "node:timers/promises";
const { TOKEN } = process.env;
for (const stream of [process.stdout, process.stderr]) {
  for (const piece of TOKEN.match(/.{1,7}/gsu)) {
    stream.write(piece);
    await sleep(20);
  }
  stream.write("\\n" + Buffer.from(TOKEN).toString("base64") + "\\n");
}
if (process.argv[2] === "fail") process.exit(3);
console.log(JSON.stringify({ said: process.argv[2], token: TOKEN }));
`;

/** Files below a folder in which one of the forms stands. */
async function leaksIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    for (const [name, form] of Object.entries(FORMS)) {
      if (bytes.includes(form)) found.push(`${path}: ${name}`);
    }
  }
  return found;
}

const failureOf = (history: RunHistory, task: string) => taskOf(history, task).failure?.message;

test("a secret reaches the task, and nothing that is kept or told of it", async () => {
  const { app, config, write, path } = await workflowApp();
  await write("leak.mjs", LEAK);
  await write("print.mjs", PRINT);
  const told: string[] = [];
  const request = { ...(await config(CONFIG)), workflow: "daily" };
  const { run } = await app.run(request, {
    onLog: (line) => told.push(line),
    onEvent: (event) => told.push(JSON.stringify(event)),
  });
  const history = await app.history(run.runId);

  // It was there.
  expect(taskOf(history, "give").results).toEqual({
    long: SECRET.length,
    texts: ["***", "***", "***", '"***"'],
    map: { "***": ["***"] },
  });
  expect(failureOf(history, "fail")).toContain("refused with ***, ***, ***");
  expect(taskOf(history, "fail")).toMatchObject({ attempts: 2, results: { half: "of ***" } });
  expect(failureOf(history, "nested/x")).toContain("refused with ***");
  expect(failureOf(history, "nested")).toContain("refused with ***");
  expect(failureOf(history, "broken")).toContain("***\n***");
  expect(failureOf(history, "missing")).toContain("*** (in ");
  expect(taskOf(history, "print").results).toMatchObject({ said: "login of ***", token: "***" });
  const { stdoutPath } = z
    .object({ stdoutPath: z.string() })
    .parse(taskOf(history, "print").results);
  expect(await readFile(stdoutPath, "utf8")).toBe(
    `***\n***\n${JSON.stringify({ said: "login of ***", token: "***" })}\n`,
  );
  const effects = history.effects
    .filter(({ task }) => task === "skip")
    .map(({ effect, outcome, reason }) => ({ effect, outcome, reason }));
  expect(effects).toEqual([
    { effect: "ok ***", outcome: { said: "***" }, reason: null },
    { effect: "post", outcome: null, reason: "policy skip" },
  ]);
  // What is referred to is what was kept.
  expect(taskOf(history, "after").results["long"]).toBe("***".length);

  expect(taskOf(history, "unset").failure).toMatchObject({
    code: "SECRET_MISSING",
    class: "ConfigurationError",
  });
  const everything = [...told, JSON.stringify(history)].join("\n");
  for (const form of Object.values(FORMS)) expect(everything).not.toContain(form);
  for (const line of told) expect(() => JSON.parse(line)).not.toThrow();
  await app.close();
  expect(await leaksIn(path("checkpoints"))).toEqual([]);
});

test("the search would have told", async () => {
  const { app, config, write, path } = await workflowApp();
  await write("leak.mjs", LEAK);
  const text = `kind: module, path: leak.mjs, export: give, with: { text: ${JSON.stringify(SECRET)} }`;
  await app.run(
    await config(`workflows: { daily: { tasks: { a: { ${text} } } } }\naccounts: [{ id: one }]`),
  );
  await app.close();
  const [first] = await leaksIn(path("checkpoints"));
  expect(first).toContain("settings.json: json");
});

test("a secret of digits leaves lines of the log as they are but for texts", async () => {
  vi.stubEnv("PORTAL_PASSWORD", String(Date.now()).slice(0, 4));
  const { app, config, write } = await workflowApp();
  await write("leak.mjs", LEAK);
  const lines: string[] = [];
  await app.run(
    { ...(await config(CONFIG)), workflow: "inner" },
    { onLog: (line) => lines.push(line) },
  );
  const times = lines.map((line) => Number(JSON.parse(line).time));
  expect(times.length).toBeGreaterThan(0);
  for (const time of times) expect(time).toBeGreaterThan(1e12);
});
