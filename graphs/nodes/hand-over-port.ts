import type { AttemptOrder } from "../../src/orchestration/index.ts";
import type { TaskPorts } from "../../src/tasks/index.ts";
import type { TaskSurroundings } from "./task-surroundings.ts";

/** The end of this process for the sake of a restart, as the work of a task: it ends with its run. */
export function handOverPort(
  { deps, account, run }: TaskSurroundings,
  { signal }: AttemptOrder,
): TaskPorts["handOver"] {
  return async (order) => {
    signal.throwIfAborted();
    await deps.handOver(run, order);
    const { draining } = account.world.control;
    return new Promise<never>((_, reject) => {
      for (const end of [draining, signal]) {
        const leave = () => reject(end.reason);
        if (end.aborted) leave();
        else end.addEventListener("abort", leave, { once: true });
      }
    });
  };
}
