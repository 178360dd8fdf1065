import { createSecretKey, randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { emptyCheckpoint } from "@langchain/langgraph-checkpoint";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import {
  cipherOf,
  openStore,
  type Store,
  type StoreKey,
  storeKeyFrom,
} from "../../../src/stores/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { withStore } from "../../helpers/store.ts";
import { runRecord, taskRecord } from "../../helpers/store-records.ts";

const SECRET = "the-secret-of-the-account";
const META = { source: "input", step: -1, parents: {}, note: SECRET } as const;
const LOCKED = expect.objectContaining({ code: "STORE_LOCKED" });

const newKey = (): StoreKey => createSecretKey(randomBytes(32));

/** A store with something of everything in it. */
async function filled(folder: string, key?: StoreKey): Promise<Store> {
  const store = withStore(folder, key ? { key } : {});
  store.runs.create(runRecord("r1"));
  store.take("r1");
  const { journal, checkpointer } = store.openAccount("r1", "a");
  const big = { text: SECRET.repeat(1_000) };
  await journal.commit({
    tasks: [taskRecord("t", { results: { secret: SECRET } }), taskRecord("u", { results: big })],
    happenings: [{ type: "run-draining", reason: SECRET }],
  });
  await store.recordRunEvent("r1", { type: "run-draining", reason: SECRET });
  const config = { configurable: { thread_id: "r1", checkpoint_ns: "" } };
  const checkpoint = { ...emptyCheckpoint(), channel_values: { secret: SECRET } };
  const place = await checkpointer.put(config, checkpoint, META, {});
  await checkpointer.putWrites(place, [["c", SECRET]], "task");
  const failure = { code: "INTERNAL", message: SECRET, remedy: "r", at: "a" };
  const status = "FAILED" as const;
  store.runs.putSummary("r1", { account: "a", status, tasks: {}, datasets: [], failure });
  return store;
}

/** Change a file behind the store's back. */
function change(folder: string, file: string, sql: string): void {
  const database = new Database(join(folder, file));
  database.exec(sql);
  database.close();
}

test("with a key nothing that tasks gave is on disk in plain, and all is read back", async () => {
  const folder = await withFolder();
  const store = await filled(folder, newKey());
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const bytes = await Promise.all(
    files
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name))),
  );
  expect(bytes.length).toBeGreaterThanOrEqual(5);
  for (const content of bytes) expect(content.includes(SECRET)).toBe(false);

  const view = store.readAccount("r1", "a");
  expect(view.tasks().map(({ results }) => results)).toEqual([
    { secret: SECRET },
    { text: SECRET.repeat(1_000) },
  ]);
  expect(store.runEvents("r1")).toHaveLength(2);
  expect(store.runs.summaries("r1")[0]?.failure?.message).toBe(SECRET);
  const { checkpointer } = store.openAccount("r1", "a");
  const config = { configurable: { thread_id: "r1" } };
  expect(await checkpointer.getTuple(config)).toMatchObject({
    checkpoint: { channel_values: { secret: SECRET } },
    metadata: META,
    pendingWrites: [["task", "c", SECRET]],
  });
  const found = [];
  for await (const tuple of checkpointer.list({}, { filter: { note: SECRET } })) found.push(tuple);
  expect(found).toHaveLength(1);
  for await (const tuple of checkpointer.list({}, { filter: { note: "x" } })) found.push(tuple);
  expect(found).toHaveLength(1);
});

test("a store opens under its own key only", async () => {
  const [sealed, plain] = [await withFolder(), await withFolder()];
  const key = newKey();
  (await filled(sealed, key)).close();
  (await filled(plain)).close();
  expect(() => openStore(sealed)).toThrow(LOCKED);
  expect(() => openStore(sealed, { key: newKey() })).toThrow(LOCKED);
  expect(() => openStore(plain, { key })).toThrow(LOCKED);
  withStore(sealed, { key });
  // Nor does an account's file under a store that was made otherwise.
  change(sealed, "accounts/a.sqlite", "DELETE FROM meta");
  expect(() => withStore(sealed, { key }).readAccount("r1", "a").tasks()).toThrow(LOCKED);
});

test("rows that were altered, moved, copied or put there in plain are refused", async () => {
  for (const sql of [
    "UPDATE tasks SET body = (SELECT body FROM tasks WHERE task = 'u') WHERE task = 't'",
    "UPDATE tasks SET task = 'other' WHERE task = 't'",
    "UPDATE tasks SET body = substr(body, 1, length(body) - 1) || x'00' WHERE task = 't'",
    "UPDATE tasks SET body = x'01' WHERE task = 't'",
    `UPDATE tasks SET body = '${JSON.stringify(taskRecord("t"))}' WHERE task = 't'`,
    `UPDATE tasks SET body = CAST('${JSON.stringify(taskRecord("t"))}' AS BLOB) WHERE task = 't'`,
  ]) {
    const folder = await withFolder();
    const store = await filled(folder, newKey());
    change(folder, "accounts/a.sqlite", sql);
    const runId = "r1";
    expect(() => store.readAccount(runId, "a").tasks()).toThrow(LOCKED);
  }
});

test("checkpoints and artifacts that were exchanged are refused", async () => {
  const folder = await withFolder();
  const store = await filled(folder, newKey());
  const { checkpointer } = store.openAccount("r1", "a");
  const config = { configurable: { thread_id: "r1" } };
  change(folder, "accounts/a.sqlite", "UPDATE checkpoints SET checkpoint = metadata");
  await expect(checkpointer.getTuple(config)).rejects.toEqual(LOCKED);
  const artifacts = join(folder, "runs", "r1", "artifacts", "a");
  const [name = ""] = await readdir(artifacts);
  await writeFile(join(artifacts, name), "{}");
  expect(() => store.readAccount("r1", "a").tasks()).toThrow(
    expect.objectContaining({ code: "ARTIFACT_INVALID" }),
  );
});

test("a text of a file is sealed for its purpose", () => {
  const cipher = cipherOf(newKey());
  const sealed = cipher.sealText(SECRET, "settings of r1");
  expect(sealed).not.toContain(SECRET);
  expect(cipher.sealText(SECRET, "settings of r1")).not.toBe(sealed);
  expect(cipher.openText(sealed, "settings of r1")).toBe(SECRET);
  expect(() => cipher.openText(sealed, "settings of r2")).toThrow(LOCKED);
  expect(() => cipherOf(newKey()).openText(sealed, "settings of r1")).toThrow(LOCKED);
});

test("the key comes from the environment or from a file it names", async () => {
  const bytes = randomBytes(32);
  const path = join(await withFolder(), "key");
  await writeFile(path, `${bytes.toString("base64")}\n`);
  for (const env of [
    { DATA_WRANGLER_KEY: bytes.toString("hex") },
    { DATA_WRANGLER_KEY: bytes.toString("base64") },
    { DATA_WRANGLER_KEY_FILE: path },
  ]) {
    expect(storeKeyFrom(env)?.export()).toEqual(bytes);
  }
  expect(storeKeyFrom({})).toBeUndefined();
  const short = randomBytes(16).toString("hex");
  await writeFile(path, short);
  for (const env of [
    { DATA_WRANGLER_KEY: short },
    { DATA_WRANGLER_KEY_FILE: path },
    { DATA_WRANGLER_KEY_FILE: `${path}.none` },
    { DATA_WRANGLER_KEY: short, DATA_WRANGLER_KEY_FILE: path },
  ]) {
    expect(() => storeKeyFrom(env)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.not.stringContaining(short),
      }),
    );
  }
});
