import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { type Connection, openDatabase } from "./database.ts";
import { FencedSqliteSaver } from "./fenced-saver.ts";
import { type Lease, leaseHolder, takeLease } from "./leases.ts";
import type { Owner } from "./owner.ts";
import { type RunStore, runStore } from "./runs.ts";

/** Everything that outlives a process: checkpoints, runs, leases. One SQLite file. */
export interface Store {
  readonly runs: RunStore;
  readonly checkpointer: BaseCheckpointSaver;
  /** Become the one executor of a run; throws RUN_BUSY. Checkpoints of runs without our lease are refused. */
  take(runId: string): Lease;
  /** Who executes a run right now. */
  holder(runId: string): Owner | undefined;
  /** Forget all but the last checkpoint of an ended run: its state stays readable, the file small. */
  prune(runId: string): void;
  close(): void;
}

export function openStore(folder: string): Store {
  const database = openDatabase(folder);
  const leases = new Map<string, Lease>();
  const checkpointer = new FencedSqliteSaver(
    database,
    (runId) => leases.get(runId)?.isHeld() ?? false,
  );

  return {
    runs: runStore(database),
    checkpointer,
    take(runId) {
      const lease = takeLease(database, runId);
      leases.set(runId, lease);
      return {
        isHeld: () => lease.isHeld(),
        release() {
          leases.delete(runId);
          lease.release();
        },
      };
    },
    holder: (runId) => leaseHolder(database, runId),
    prune: (runId) => prune(database, runId),
    close() {
      for (const lease of leases.values()) lease.release();
      database.close();
    },
  };
}

function prune(database: Connection, runId: string): void {
  const last = `SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = @runId AND checkpoint_ns = ''`;
  database.transaction(() => {
    for (const table of ["checkpoints", "writes"]) {
      database
        .prepare(
          `DELETE FROM ${table} WHERE thread_id = @runId AND (checkpoint_ns <> '' OR checkpoint_id <> (${last}))`,
        )
        .run({ runId });
    }
  })();
}
