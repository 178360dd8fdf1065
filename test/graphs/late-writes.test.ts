import { MemorySaver } from "@langchain/langgraph";
import { emptyCheckpoint } from "@langchain/langgraph-checkpoint";
import { expect, test } from "vitest";
import { LateWrites } from "../../graphs/nodes/late-writes.ts";
import { systemClock, WranglerError } from "../../src/core/index.ts";

/** A saver that refuses all writes. */
class Refusing extends MemorySaver {
  readonly #error: Error;

  constructor(error: Error) {
    super();
    this.#error = error;
  }

  override async put(): Promise<never> {
    throw this.#error;
  }

  override async putWrites(): Promise<never> {
    throw this.#error;
  }
}

const config = { configurable: { thread_id: "r1", checkpoint_ns: "", checkpoint_id: "c0" } };
const metadata = { source: "loop", step: 1, parents: {} } as const;

test("what comes when the run is not ours any more is dropped without a word", async () => {
  const saver = new LateWrites(new Refusing(new WranglerError("RUN_LOST")), systemClock);
  const checkpoint = emptyCheckpoint();
  expect(await saver.put(config, checkpoint, metadata, {})).toEqual({
    configurable: { thread_id: "r1", checkpoint_ns: "", checkpoint_id: checkpoint.id },
  });
  await expect(saver.putWrites(config, [["a", 1]], "t")).resolves.toBeUndefined();
});

test("any other refusal is told", async () => {
  const saver = new LateWrites(new Refusing(new WranglerError("STORE_UNUSABLE")), systemClock);
  const code = { code: "STORE_UNUSABLE" };
  await expect(saver.put(config, emptyCheckpoint(), metadata, {})).rejects.toMatchObject(code);
  await expect(saver.putWrites(config, [["a", 1]], "t")).rejects.toMatchObject(code);
});

test("what is written in time is there to be read", async () => {
  const saver = new LateWrites(new MemorySaver(), systemClock);
  const written = await saver.put(config, emptyCheckpoint(), metadata, {});
  await saver.putWrites(written, [["a", 1]], "t");
  const found = await saver.getTuple(written);
  expect(found?.pendingWrites).toEqual([["t", "a", 1]]);
  const listed = [];
  for await (const tuple of saver.list({ configurable: { thread_id: "r1" } })) listed.push(tuple);
  expect(listed).toHaveLength(1);
  await saver.deleteThread("r1");
  expect(await saver.getTuple(written)).toBeUndefined();
});
