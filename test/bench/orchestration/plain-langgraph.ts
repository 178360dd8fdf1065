/** The same workflow as LangGraph's users would write it: tasks as nodes, dependencies as edges. */
import { setTimeout as sleep } from "node:timers/promises";
import { END, START, StateGraph } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { withLangGraph } from "@langchain/langgraph/zod";
import { z } from "zod";
import type { ForeseenTask } from "../../helpers/reference-interpreter.ts";

const outcomes = z.record(z.string(), z.object({ status: z.string(), attempts: z.number() }));
type Outcomes = z.infer<typeof outcomes>;
const merged = withLangGraph<Outcomes, Outcomes, typeof outcomes>(outcomes, {
  reducer: { schema: outcomes, fn: (kept, next) => ({ ...kept, ...next }) },
  default: () => ({}),
});
const State = z.object({ outcomes: merged });
type State = z.infer<typeof State>;

/** LangGraph's own SQLite saver, made to flush at each commit as ours does. */
export function fullSaver(path: string): SqliteSaver {
  const saver = SqliteSaver.fromConnString(path);
  // Its first use sets the journal mode; the flush is a setting of the connection.
  saver.db.pragma("journal_mode = WAL");
  saver.db.pragma("synchronous = FULL");
  return saver;
}

/** Compile tasks and edges: several dependencies are a join that waits for all of them. */
export function plainGraph(
  tasks: readonly ForeseenTask[],
  saver: SqliteSaver,
  span?: { note(): void },
) {
  const graph = new StateGraph<typeof State, State, Partial<State>, string>(State);
  for (const { id, attempts } of tasks) {
    const durationMs = attempts[0]?.durationMs ?? 0;
    graph.addNode(id, async () => {
      span?.note();
      if (durationMs > 0) await sleep(durationMs);
      span?.note();
      return { outcomes: { [id]: { status: "COMPLETED", attempts: 1 } } };
    });
  }
  const followed = new Set(tasks.flatMap(({ dependsOn }) => dependsOn));
  for (const { id, dependsOn } of tasks) {
    const [first, ...rest] = dependsOn;
    if (first === undefined) graph.addEdge(START, id);
    else graph.addEdge(rest.length > 0 ? [first, ...rest] : first, id);
    if (!followed.has(id)) graph.addEdge(id, END);
  }
  return graph.compile({ checkpointer: saver });
}

/** Run it to its end as a thread of its own. */
export async function runPlain(
  graph: ReturnType<typeof plainGraph>,
  threadId: string,
  maxConcurrency?: number,
): Promise<Outcomes> {
  const ended = await graph.invoke(
    { outcomes: {} },
    {
      configurable: { thread_id: threadId },
      durability: "sync",
      recursionLimit: 100_000,
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    },
  );
  return ended.outcomes;
}
