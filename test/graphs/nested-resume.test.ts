import {
  END,
  type LangGraphRunnableConfig,
  MemorySaver,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { nestedConfig } from "../../graphs/nodes/nested.ts";

const State = z.object({ go: z.boolean() });

/** How often the finished sibling of a nested graph runs when the other one fails once and the run is resumed. */
async function runsOfFinishedSibling(
  pass: (config: LangGraphRunnableConfig) => LangGraphRunnableConfig,
): Promise<number> {
  let finished = 0;
  let failed = 0;
  let isDone!: () => void;
  const done = new Promise<void>((resolve) => (isDone = resolve));
  const inner = new StateGraph(State)
    .addNode("finishes", () => {
      finished++;
      setImmediate(isDone);
      return {};
    })
    .addNode("fails once", async () => {
      await done;
      if (failed++ === 0) throw new Error("once");
      return {};
    })
    .addEdge(START, "finishes")
    .addEdge(START, "fails once")
    .addEdge("finishes", END)
    .addEdge("fails once", END)
    .compile();
  const outer = new StateGraph(State)
    .addNode("nested", async (state, config) => {
      await inner.invoke(state, pass(config));
      return {};
    })
    .addEdge(START, "nested")
    .addEdge("nested", END)
    .compile({ checkpointer: new MemorySaver() });
  const config = { configurable: { thread_id: "t" }, durability: "sync" as const };
  await expect(outer.invoke({ go: true }, config)).rejects.toThrow("once");
  await outer.invoke(null, config);
  expect(failed).toBe(2);
  return finished;
}

test("a finished sibling of a nested graph is not run again on resume", async () => {
  expect(await runsOfFinishedSibling(nestedConfig)).toBe(1);
});

test("without our configuration it is: when this fails, graphs/nodes/nested.ts can go", async () => {
  expect(await runsOfFinishedSibling((config) => config)).toBe(2);
});
