import type { Perform } from "../../src/orchestration/index.ts";
import { performer } from "../../src/tasks/index.ts";
import { handOverPort } from "./hand-over-port.ts";
import { nestedWorkflow } from "./nested-workflow.ts";
import { preparePort } from "./prepare-port.ts";
import type { TaskSurroundings } from "./task-surroundings.ts";
import { taskFolderOf } from "./workspace.ts";

/** Who does the work of a task's attempts, with the ports that lead back into the graphs. */
export function performOf(around: TaskSurroundings): Perform {
  const { deps, account, run } = around;
  const { id, vars, secrets } = account.account;
  const recorder = deps.recorderOf(run.runId);
  return performer({
    runId: run.runId,
    workflow: account.workflow.name,
    scheduledAt: account.scheduledAt,
    timeZone: account.settings.timeZone,
    configFolder: account.settings.configFolder,
    vars,
    secrets,
    journal: account.world.journal,
    now: () => account.world.clock.now(),
    folderOf: (task) => taskFolderOf({ run, account: id, task }),
    logOf: (task) => recorder.log(id, task),
    portsOf: (order) => ({
      prepare: preparePort(around, order),
      workflow: nestedWorkflow(around, order),
      handOver: handOverPort(around, order),
    }),
  });
}
