import { setMaxListeners } from "node:events";

/** Supersteps of one graph; LangGraph's own default of 25 is for chats. */
export const RECURSION_LIMIT = 1_000;

/** All siblings of a superstep listen to the one abort signal of their run; Node warns at eleven. */
export function allowManySiblings(): void {
  setMaxListeners(0);
}
