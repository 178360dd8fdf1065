import { AccountState } from "../state.ts";

/** Names that a node of the account graph cannot have: its channels and its own last node. */
const TAKEN = new Set([...Object.keys(AccountState.shape), "settle"]);

/** The node of a task: its id, told apart where LangGraph or the graph itself has that name. */
export function nodeName(id: string): string {
  return TAKEN.has(id) ? `${id} (task)` : id;
}
