import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { attemptsOf, eventsOf, historyOf, statuses, taskOf, workflowApp } from "./workflow-app.ts";

test("an application is restarted by its steps, then the task is tried again, at most so many times", async () => {
  const made = await workflowApp();
  const { path } = made;
  const kept = await historyOf(
    made,
    `up:
  kind: command
  command: [test, -e, "${path("ready")}"]
  recover:
    - do: restart
      on: ApplicationError
      steps:
        - { kind: command, command: [sh, -c, "echo stop >> '${path("steps")}'"] }
        - { kind: command, command: [touch, "${path("ready")}"] }
down:
  kind: command
  command: [test, -e, "${path("never")}"]
  recover: [{ do: restart, on: [ApplicationError], command: [sh, -c, "exit 1"], times: 2 }]`,
  );
  expect(statuses(kept)).toMatchObject({
    up: "COMPLETED",
    "up/recover-1.1": "COMPLETED",
    "up/recover-1.2": "COMPLETED",
    down: "FAILED",
    "down/recover-1.1": "FAILED",
    "down/recover-2.1": "FAILED",
  });
  expect(await readFile(path("steps"), "utf8")).toBe("stop\n");
  expect(attemptsOf(kept, "up")).toEqual(["FAILED: restart", "COMPLETED"]);
  expect(attemptsOf(kept, "down")).toEqual([
    "FAILED: restart",
    "FAILED: restart",
    "FAILED: 1 of 1 attempts failed",
  ]);
  const command = kept.effects.filter(({ task }) => task === "up");
  expect(command).toMatchObject([{ effect: "run", status: "DONE", wasUncertain: false }]);
});

test("alternative options are laid over the task's own, one after the other", async () => {
  const made = await workflowApp();
  const { path, write } = made;
  await write("third.txt", "third");
  const kept = await historyOf(
    made,
    `read:
  kind: command
  command: [cat, "${path("first.txt")}"]
  recover:
    - do: alternative
      on: [ApplicationError, FileSystemError]
      options:
        - { command: [cat, "${path("second.txt")}"] }
        - { command: [cat, "${path("third.txt")}"] }
none:
  kind: module
  path: work.mjs
  with: { fail: 9, code: ENOENT }
  recover: [{ do: alternative, on: FileSystemError, options: [{ with: { fail: 9, code: EACCES } }] }]`,
  );
  expect(taskOf(kept, "read").results["stdoutTail"]).toBe("third");
  expect(attemptsOf(kept, "read")).toEqual([
    "FAILED: alternative 1 of 2",
    "FAILED: alternative 2 of 2",
    "COMPLETED",
  ]);
  expect(taskOf(kept, "none")).toMatchObject({
    status: "FAILED",
    attempts: 2,
    failure: { class: "FileSystemError" },
  });
});

test("a rule stops the workflow or lets it go on, whatever the task is", async () => {
  const made = await workflowApp();
  const kept = await historyOf(
    made,
    `soft:
  kind: module
  path: work.mjs
  critical: true
  with: { fail: 9, errorClass: ResourceError }
  recover: [{ do: continue, on: ResourceError }]
hard:
  kind: module
  path: work.mjs
  dependsOn: soft
  trigger: all_done
  with: { fail: 9 }
  recover: [{ do: stop, on: ApplicationError }]
after: { kind: module, path: work.mjs, dependsOn: hard, trigger: all_done }
report: { kind: module, path: work.mjs, dependsOn: after, trigger: always }`,
  );
  expect(statuses(kept)).toEqual({
    soft: "FAILED",
    hard: "FAILED",
    after: "SKIPPED",
    report: "COMPLETED",
  });
  expect(taskOf(kept, "after").reason).toBe("hard failed and stops the workflow");
  expect(kept.run.status).toBe("FAILED");
});

test("errors are tried again by their class: bad input once, the network three times, longer if asked to", async () => {
  const made = await workflowApp();
  const policy = "retry: { attempts: 3, initial: 1ms, jitter: none }";
  const kept = await historyOf(
    made,
    `input: { kind: module, path: work.mjs, with: { fail: 9, errorClass: InputError }, ${policy} }
net: { kind: module, path: work.mjs, with: { fail: 9, code: ECONNREFUSED }, ${policy} }
asked: { kind: module, path: work.mjs, with: { fail: 1, code: ECONNRESET, retryAfterMs: 120 }, ${policy} }`,
  );
  expect(kept.tasks.map(({ task, status, attempts }) => [task, status, attempts])).toEqual(
    expect.arrayContaining([
      ["input", "FAILED", 1],
      ["net", "FAILED", 3],
      ["asked", "COMPLETED", 2],
    ]),
  );
  const waits = eventsOf(kept.events, "task-retrying").map(({ task, delayMs }) => [task, delayMs]);
  expect(waits).toHaveLength(3);
  expect(waits).toEqual(
    expect.arrayContaining([
      ["net", 1],
      ["net", 2],
      ["asked", 120],
    ]),
  );
  const [first, second] = kept.attempts.filter(({ task }) => task === "asked");
  const waited = Date.parse(second?.startedAt ?? "") - Date.parse(first?.endedAt ?? "");
  expect(waited).toBeGreaterThanOrEqual(119);
});

test("steps run after the last failure, and however the task ended; one that fails changes nothing", async () => {
  const made = await workflowApp();
  const { path } = made;
  const say = (text: string) =>
    `{ kind: command, command: [sh, -c, "echo ${text} >> '${path("said")}'"] }`;
  const kept = await historyOf(
    made,
    `bad:
  kind: module
  path: work.mjs
  with: { fail: 9 }
  retry: { attempts: 2, initial: 0ms }
  onFailure: [${say("'${tasks.bad.status} ${tasks.bad.error}'")}, { kind: command, command: ["false"] }]
  finally: [${say("bye")}]
good:
  kind: module
  path: work.mjs
  dependsOn: bad
  trigger: all_done
  onFailure: [${say("never")}]
  finally: [${say("good")}]`,
  );
  expect((await readFile(path("said"), "utf8")).split("\n")).toEqual([
    expect.stringContaining("told to fail"),
    "bye",
    "good",
    "",
  ]);
  expect(statuses(kept)).toEqual({
    bad: "FAILED",
    "bad/onFailure.1": "COMPLETED",
    "bad/onFailure.2": "FAILED",
    "bad/finally.1": "COMPLETED",
    good: "COMPLETED",
    "good/finally.1": "COMPLETED",
  });
  expect(taskOf(kept, "bad")).toMatchObject({ attempts: 2, failure: { code: "TASK_FAILED" } });
});

test("a critical failure cancels what is at work", async () => {
  const made = await workflowApp();
  const { path } = made;
  const kept = await historyOf(
    made,
    `long: { kind: module, path: work.mjs, export: hang, finally: [{ kind: command, command: [touch, "${path("cleaned")}"] }] }
tree: { kind: command, command: [sh, -c, "touch '${path("up")}'; sleep 1000 & wait"] }
bad: { kind: command, command: [sh, -c, "while ! test -e '${path("up")}'; do sleep 0.02; done; exit 1"], critical: true }
after: { kind: module, path: work.mjs, dependsOn: long }
always: { kind: module, path: work.mjs, dependsOn: [long, bad], trigger: always }`,
  );
  expect(statuses(kept)).toEqual({
    long: "CANCELED",
    "long/finally.1": "COMPLETED",
    tree: "CANCELED",
    bad: "FAILED",
    after: "SKIPPED",
    always: "COMPLETED",
  });
  expect(taskOf(kept, "long").reason).toContain("bad failed and stops the workflow");
  expect(kept.run.status).toBe("FAILED");
});

test("or lets what is at work finish", async () => {
  const made = await workflowApp();
  const { path, write, app, config } = made;
  const { run, tasks } = await app.run(
    await config(`
workflows:
  daily:
    onCriticalFailure: finish
    tasks:
      long: { kind: module, path: work.mjs, with: { gate: "${path("open")}" } }
      bad: { kind: module, path: work.mjs, with: { fail: 9 }, critical: true }
      after: { kind: module, path: work.mjs, dependsOn: long }
accounts: [{ id: one }]
`),
    {
      onEvent: (event) => {
        if (event.type === "task-finished" && event.task === "bad") void write("open", "");
      },
    },
  );
  expect(statuses({ tasks })).toEqual({ long: "COMPLETED", bad: "FAILED", after: "SKIPPED" });
  expect(run.status).toBe("FAILED");
});
