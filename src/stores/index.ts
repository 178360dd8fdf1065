/** Stores: what outlives a process. */
export { checkStore, type StoreCheck } from "./check-store.ts";
export { type Cipher, cipherOf, type StoreKey, storeKeyFrom } from "./cipher.ts";
export { lockFolder } from "./folder-lock.ts";
export type { JournalView } from "./journal-view.ts";
export type { Lease } from "./leases.ts";
export { openStore } from "./open-store.ts";
export type { Owner } from "./owner.ts";
export type { Pruned, PruneLimits } from "./prune.ts";
export type { RunStore } from "./runs.ts";
export type { Heartbeat, ServiceLease, ServicePost } from "./service-row.ts";
export type { SlotLedger } from "./slot-ledger.ts";
export type { AccountStore, RunEnd, Store, StoreOptions } from "./store.ts";
export type { LatestTask } from "./task-history.ts";
