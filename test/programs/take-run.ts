/** Takes a run when told to, says whether it got it, and keeps it until it is killed. */
import { isWranglerError } from "../../src/core/index.ts";
// Not the whole store: LangGraph takes longer to load than all else.
import { RunFile } from "../../src/stores/run-file.ts";

const [, , folder = "", runId = ""] = process.argv;
const { leases } = new RunFile(folder, undefined, 9_000);

process.on("message", () => {
  try {
    leases.take(runId);
    process.send?.({ pid: process.pid, got: "the run" });
  } catch (error) {
    if (!isWranglerError(error)) throw error;
    process.send?.({ pid: process.pid, got: error.code, holder: error.details["pid"] });
  }
});
process.send?.("ready");
