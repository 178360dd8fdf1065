/** Executes a run under a short lease; commits a task when told to, and says how it went. */
import { isWranglerError } from "../../src/core/index.ts";
import { openStore } from "../../src/stores/index.ts";
import { runRecord, taskRecord } from "../helpers/store-records.ts";

const [, , folder = "", leaseMs = ""] = process.argv;
const store = openStore(folder, { leaseMs: Number(leaseMs) });
store.runs.create(runRecord("r1"));
const lease = store.take("r1");
const { journal } = store.openAccount("r1", "a");
lease.lost.addEventListener("abort", () => process.send?.({ lost: true }));

process.on("message", (task: string) => {
  journal.commit({ tasks: [taskRecord(task)] }).then(
    () => process.send?.({ committed: task }),
    (error: unknown) => process.send?.({ refused: isWranglerError(error) && error.code }),
  );
});
process.send?.("ready");
