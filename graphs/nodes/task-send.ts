import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { z } from "zod";
import type { AccountState } from "../state.ts";

type State = z.infer<typeof AccountState>;

/** What a task's node is sent. Above a batch's size the first task of a batch is sent all of it. */
export type TaskSend = Pick<State, "run" | "account" | "outer"> & {
  readonly batch?: readonly string[];
};

/** The node of a task. */
export type TaskNode = (
  place: TaskSend,
  config: LangGraphRunnableConfig,
) => Promise<Partial<State>>;
