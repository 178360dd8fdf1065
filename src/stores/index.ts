/** Stores: what outlives a process. */
export { lockFolder } from "./folder-lock.ts";
export type { Lease } from "./leases.ts";
export type { RunStore } from "./runs.ts";
export { openStore, type Store } from "./store.ts";
