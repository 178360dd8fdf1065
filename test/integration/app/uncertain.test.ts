import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import {
  attemptsOf,
  eventsOf,
  statuses,
  taskOf,
  type WorkflowApp,
  workflowApp,
} from "./workflow-app.ts";

/** `send` of account `one` marks that it was begun, and loses its answer the first time; `two` is not asked. */
async function sending({ config, path, write }: WorkflowApp, policy = "") {
  await write(
    "send.mjs",
    `import { appendFileSync, existsSync } from "node:fs";
export default async function send({ effect, account, options }) {
  const sent = await effect({
    name: "mail",
    cause: async (key) => {
      appendFileSync(options.log, account + " " + key + "\\n");
      if (account !== "one" || existsSync(options.up)) return { sent: true };
      throw Object.assign(new Error("no answer"), { code: "ECONNRESET" });
    },
  });
  return { sent };
}
`,
  );
  return config(`
workflows:
  daily:
    tasks:
      send: { kind: module, path: send.mjs, retry: 1, with: { log: "${path("sent")}", up: "${path("up")}" } ${policy} }
      after: { kind: module, path: work.mjs, dependsOn: send, with: { out: { sent: "\${tasks.send.sent}" } } }
      beside: { kind: module, path: work.mjs }
accounts: [{ id: one }, { id: two }]
`);
}

const sent = async ({ path }: WorkflowApp) =>
  (await readFile(path("sent"), "utf8")).split("\n").filter((line) => line.startsWith("one"));

test("an effect of which it is not known whether it took place waits for a person, the run with it", async () => {
  const made = await workflowApp();
  const { app } = made;
  const waiting = await app.run(await sending(made));
  expect(waiting.run).toMatchObject({ status: "WAITING", endedAt: null });
  expect(statuses(waiting, "one")).toEqual({ send: "WAITING", beside: "COMPLETED" });
  expect(statuses(waiting, "two")).toEqual({
    send: "COMPLETED",
    after: "COMPLETED",
    beside: "COMPLETED",
  });
  const { runId } = waiting.run;
  const before = await app.history(runId);
  expect(before.effects.find(({ account }) => account === "one")).toMatchObject({
    task: "send",
    effect: "mail",
    status: "UNCERTAIN",
    wasUncertain: true,
  });
  expect(eventsOf(before.events, "task-waiting")).toMatchObject([{ account: "one", task: "send" }]);
  expect(eventsOf(before.events, "effect-uncertain")).toHaveLength(1);
  expect(eventsOf(before.events, "run-finished").at(-1)).toMatchObject({ status: "WAITING" });

  const still = await app.resume(runId);
  expect(still.run.status).toBe("WAITING");
  expect(await sent(made)).toHaveLength(1);

  expect(still.run.waitsFor).toBe("person");
  await app.resolve(runId, "send", "done");
  // Whatever process is there may go on with it now.
  expect((await app.status(runId)).run).toMatchObject({ status: "WAITING", waitsFor: "process" });
  const done = await app.resume(runId);
  expect(done.run).toMatchObject({ status: "COMPLETED", attempts: 3 });
  expect(await sent(made)).toHaveLength(1);
  expect(taskOf(done, "after", "one").results).toMatchObject({ sent: null });
  const after = await app.history(runId);
  expect(after.effects.find(({ account }) => account === "one")).toMatchObject({
    status: "DONE",
    reason: "person: done",
    wasUncertain: true,
  });
  await expect(app.resolve(runId, "after", "done")).rejects.toMatchObject({ code: "TASK_UNKNOWN" });
});

test("what did not take place is caused again, under the same key", async () => {
  const made = await workflowApp();
  const { app, write } = made;
  const { run } = await app.run(await sending(made));
  await app.resolve(run.runId, "send", "not-done", "one");
  await write("up", "");
  const done = await app.resume(run.runId);
  expect(done.run.status).toBe("COMPLETED");
  const lines = await sent(made);
  expect(lines).toHaveLength(2);
  expect(new Set(lines).size).toBe(1);
  const history = await app.history(run.runId);
  const effect = history.effects.find(({ account }) => account === "one");
  expect(effect).toMatchObject({ status: "DONE", outcome: { sent: true }, wasUncertain: true });
  expect(
    attemptsOf(
      { ...history, attempts: history.attempts.filter(({ account }) => account === "one") },
      "send",
    ),
  ).toEqual(["CANCELED: waits for a person", "COMPLETED"]);
});

test("a policy answers in place of a person, and the record says so", async () => {
  const made = await workflowApp();
  const { app } = made;
  const skipped = await app.run(await sending(made, ", uncertain: skip"));
  expect(skipped.run.status).toBe("COMPLETED");
  expect(await sent(made)).toHaveLength(1);
  const { effects } = await app.history(skipped.run.runId);
  expect(effects.find(({ account }) => account === "one")).toMatchObject({
    status: "DONE",
    wasUncertain: true,
    reason: expect.stringContaining("skip"),
  });
});

test.each([
  ["its task", "send: SEND, retry: { attempts: 2, initial: 0ms } }"],
  [
    "a task around it",
    "outer: { kind: workflow, workflow: inner, retry: { attempts: 2, initial: 0ms } }",
  ],
])("an effect that was done is not caused again when %s is tried again", async (_name, tasks) => {
  const made = await workflowApp();
  const { app, config, path, write } = made;
  await write(
    "send.mjs",
    `import { appendFileSync, existsSync, writeFileSync } from "node:fs";
export default async function send({ effect, options }) {
  await effect({ name: "mail", cause: async () => appendFileSync(options.log, "one\\n") ?? null });
  if (existsSync(options.once)) return;
  writeFileSync(options.once, "");
  throw new Error("after the mail");
}
`,
  );
  const send = `{ kind: module, path: send.mjs, with: { log: "${path("sent")}", once: "${path("once")}" }`;
  const request = await config(`
workflows:
  inner: { tasks: { send: ${send} } } }
  daily: { tasks: { ${tasks.replace("SEND", send)} } }
accounts: [{ id: one }]
`);
  const { run } = await app.run({ ...request, workflow: "daily" });
  expect(run.status).toBe("COMPLETED");
  expect(await sent(made)).toEqual(["one"]);
  const { effects } = await app.history(run.runId);
  // One effect, whatever the rounds that know of it.
  const done = effects.filter(({ status }) => status === "DONE");
  expect(new Set(done.map(({ key }) => key)).size).toBe(1);
});

test("retry of a failed task keeps the effects that were done; of one that completed, it begins anew", async () => {
  const made = await workflowApp();
  const { app, config, path, write } = made;
  await write(
    "send.mjs",
    `import { appendFileSync, existsSync } from "node:fs";
export default async function send({ effect, options }) {
  await effect({ name: "mail", cause: async (key) => appendFileSync(options.log, "one " + key + "\\n") ?? null });
  if (!existsSync(options.up)) throw new Error("after the mail");
}
`,
  );
  const { run } = await app.run(
    await config(`
workflows:
  daily:
    tasks:
      send: { kind: module, path: send.mjs, with: { log: "${path("sent")}", up: "${path("up")}" } }
accounts: [{ id: one }]
`),
  );
  expect(run.status).toBe("FAILED");
  expect((await app.retry(run.runId)).run.status).toBe("FAILED");
  expect((await app.retry(run.runId, "send")).run.status).toBe("FAILED");
  await write("up", "");
  expect((await app.retry(run.runId)).run.status).toBe("COMPLETED");
  expect(await sent(made)).toHaveLength(1);
  expect((await app.retry(run.runId, "send")).run).toMatchObject({ status: "COMPLETED", round: 5 });
  const lines = await sent(made);
  expect(lines).toHaveLength(2);
  expect(new Set(lines).size).toBe(2);
});
