import { StateGraph } from "@langchain/langgraph";
import type { z } from "zod";
import { AccountState } from "../state.ts";

type State = z.infer<typeof AccountState>;

/** A builder whose nodes are tasks: their names are a user's, so the compiler cannot know them. */
export type TasksGraph = StateGraph<typeof AccountState, State, Partial<State>, string>;

export function tasksGraph(): TasksGraph {
  return new StateGraph<typeof AccountState, State, Partial<State>, string>(AccountState);
}
