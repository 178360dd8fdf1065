import { appendFile, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { taskOf, workflowApp } from "./workflow-app.ts";

/** More than are siblings of one superstep: several accounts share one. */
const COUNT = 205;
/** Shares its sibling with account 200. */
const ASKS = "a0";

test("of many accounts one that waits for a person keeps none waiting, and goes on when answered", async () => {
  const { app, config, path, write } = await workflowApp();
  await write(
    "send.mjs",
    `import { appendFileSync } from "node:fs";
export default async ({ effect, account, options }) => {
  await effect({
    name: "mail",
    cause: async () => {
      appendFileSync(options.log, account + "\\n");
      if (account === "${ASKS}") throw Object.assign(new Error("no answer"), { code: "ECONNRESET" });
      return {};
    },
  });
  return {};
};
`,
  );
  await appendFile(path("sent"), "");
  const ids = Array.from({ length: COUNT }, (_, i) => `a${i}`);
  const waiting = await app.run(
    await config(`
workflows:
  daily:
    tasks:
      send: { kind: module, path: send.mjs, retry: 1, with: { log: "${path("sent")}" } }
      after: { kind: module, path: work.mjs, dependsOn: send }
accounts: [${ids.map((id) => `{ id: ${id} }`).join(", ")}]
`),
  );
  expect(waiting.run.status).toBe("WAITING");
  const others = ids.filter((id) => id !== ASKS);
  expect(waiting.accounts.map(({ account, status }) => `${account} ${status}`)).toEqual(
    others.map((id) => `${id} COMPLETED`),
  );
  const { runId } = waiting.run;
  await app.resolve(runId, "send", "done", ASKS);
  const done = await app.resume(runId);
  expect(done.run.status).toBe("COMPLETED");
  expect(done.accounts.map(({ account }) => account)).toEqual(ids);
  for (const id of ids)
    expect(taskOf(done, "after", id)).toMatchObject({ attempts: 1, status: "COMPLETED" });
  const sent = (await readFile(path("sent"), "utf8")).trim().split("\n");
  expect(sent.toSorted()).toEqual(ids.toSorted());
});
