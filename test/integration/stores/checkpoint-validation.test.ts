/** LangGraph's own suite for checkpointers, over the saver in plain and sealed. */
import { createSecretKey, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHECKPOINTS_SCHEMA } from "../../../src/stores/checkpoint-tables.ts";
import { cipherOf } from "../../../src/stores/cipher.ts";
import { openDatabase } from "../../../src/stores/database.ts";
import { GroupCommit } from "../../../src/stores/group-commit.ts";
import { RowCodec } from "../../../src/stores/row-codec.ts";
import { FencedSaver } from "../../../src/stores/saver.ts";

// The suite is written for a test runner that puts these into the global scope.
Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it });
const { deltaChannelHistoryTests, specTest } =
  await import("@langchain/langgraph-checkpoint-validation");

describe.each([
  { how: "in plain", cipher: undefined },
  { how: "sealed", cipher: cipherOf(createSecretKey(randomBytes(32))) },
])("the saver, $how,", ({ cipher }) => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  const initializer = {
    // The suite knows by this name that values are kept whole in each checkpoint.
    checkpointerName: "@langchain/langgraph-checkpoint-sqlite",
    createCheckpointer(): FencedSaver {
      const folder = mkdtempSync(join(tmpdir(), "data-wrangler-test-"));
      folders.push(folder);
      const database = openDatabase(join(folder, "x.sqlite"), CHECKPOINTS_SCHEMA, cipher);
      return new FencedSaver({
        database,
        codec: new RowCodec(cipher, "x"),
        queue: new GroupCommit(database, () => true),
        claimOf: (threadId) => ({ runId: threadId, token: 1 }),
      });
    },
  };
  specTest(initializer);
  deltaChannelHistoryTests(initializer);
});
