import { readFile, rm, writeFile } from "node:fs/promises";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { appOf, statuses, workflowApp, type WorkflowApp } from "./workflow-app.ts";

const REFUSE = (table: string) =>
  `CREATE TRIGGER refuse BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'told to refuse'); END`;

/**
 * Three accounts, three tasks at work at once in each: two held until the gate opens, one only until
 * the damage is done, so that something is recorded after it whatever came before.
 */
function requestOf({ config, path }: WorkflowApp) {
  const held = `with: { gate: "${path("gate")}", mark: "${path("marks")}" }`;
  return config(`
workflows:
  daily:
    tasks:
      first: { kind: module, path: work.mjs, with: { out: { n: 1 } } }
      side: { kind: module, path: work.mjs, ${held} }
      tick: { kind: module, path: work.mjs, with: { gate: "${path("damaged")}" } }
      long: { kind: module, path: work.mjs, dependsOn: first, ${held} }
      last: { kind: module, path: work.mjs, dependsOn: [long, side], with: { out: { n: "\${tasks.first.n}" } } }
accounts: [{ id: one }, { id: bad }, { id: two }]
`);
}

/** Do something to an account's file through a connection of its own, as another program might. */
function damage({ path }: WorkflowApp, account: string, sql: string): void {
  const database = new Database(path("checkpoints", "accounts", `${account}.sqlite`));
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

const ALL_COMPLETED = {
  first: "COMPLETED",
  side: "COMPLETED",
  tick: "COMPLETED",
  long: "COMPLETED",
  last: "COMPLETED",
};

test.each([
  ["refuses records", REFUSE("tasks")],
  ["refuses events", REFUSE("events")],
  ["has lost a table", "DROP TABLE tasks"],
  ["refuses checkpoints", REFUSE("writes")],
])("an account whose file %s fails by itself, its tasks at work ended", async (_, sql) => {
  const made = await workflowApp();
  const request = await requestOf(made);
  let done = false;
  const { run, tasks, accounts } = await made.app.run(request, {
    onEvent: (event) => {
      if (event.type === "task-finished" && event.account === "bad" && !done) {
        done = true;
        damage(made, "bad", sql);
        void made.write("damaged", "");
      }
      if (event.type !== "account-finished" || event.summary.account !== "bad") return;
      void made.write("gate", "");
    },
  });
  expect(run.status).toBe("FAILED");
  const ends = new Map(accounts.map((one) => [one.account, one]));
  expect(ends.get("bad")).toMatchObject({
    status: "FAILED",
    failure: { code: "STORE_UNUSABLE", at: "bad" },
  });
  for (const account of ["one", "two"]) {
    expect(statuses({ tasks }, account)).toEqual(ALL_COMPLETED);
    expect(ends.get(account)).toMatchObject({ status: "COMPLETED", failure: null });
    const last = tasks.find((task) => task.account === account && task.task === "last");
    expect(last?.results).toEqual({ attempt: 1, n: 1 });
  }
  const marks = await readFile(made.path("marks"), "utf8");
  expect(marks).toContain("start bad side 1");
  expect(marks).not.toContain("end bad side 1");
  expect(marks).toContain("end one side 1");
});

test.each([
  ["refuses its first record", REFUSE("events")],
  ["is no database", undefined],
])("an account whose file %s does not keep the others from running", async (_, sql) => {
  const made = await workflowApp();
  await made.write("gate", "");
  await made.write("damaged", "");
  const request = await requestOf(made);
  expect((await made.app.run(request)).run.status).toBe("COMPLETED");
  await made.app.close();
  if (sql === undefined) {
    const file = made.path("checkpoints", "accounts", "bad.sqlite");
    for (const tail of ["-wal", "-shm"]) await rm(file + tail, { force: true });
    await writeFile(file, "no database, and longer than the header of one".repeat(99));
  } else {
    damage(made, "bad", sql);
  }
  const { run, tasks, accounts } = await appOf(made.folder).run(request);
  expect(run.status).toBe("FAILED");
  expect(accounts.map(({ status }) => status)).toEqual(["COMPLETED", "FAILED", "COMPLETED"]);
  expect(accounts[1]?.failure).toMatchObject({ code: "STORE_UNUSABLE", at: "bad" });
  for (const account of ["one", "two"]) expect(statuses({ tasks }, account)).toEqual(ALL_COMPLETED);
});
