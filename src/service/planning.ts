/** What a run would do, and how long each task took before. */
import type { Settings } from "../config/index.ts";
import {
  criticalPath,
  type PlanReport,
  type TaskSelection,
  triggerText,
  wavesOf,
} from "../orchestration/index.ts";
import type { Store } from "../stores/index.ts";
import { workflowOf } from "./active-run.ts";
import { selected } from "./selection.ts";

/** The plan of each account: its tasks in waves, the critical path by median past durations. */
export function planOf(store: Store, settings: Settings, select?: TaskSelection): PlanReport {
  const accounts = settings.accounts.map(({ id }) => id);
  const { workflow, takenOver } = selected(workflowOf(settings), accounts, select, store);
  const waves = wavesOf(workflow.tasks);
  return {
    workflow: workflow.name,
    accounts: accounts.map((account) => {
      const past = store.durations(workflow.name, account);
      const taken = takenOver.get(account);
      const expected = new Map(
        workflow.tasks.map(({ id }) => [id, taken?.has(id) ? 0 : (past.get(id) ?? 0)]),
      );
      const { path, totalMs } = criticalPath(workflow.tasks, expected);
      const onPath = new Set(path);
      return {
        account,
        expectedMs: past.size === 0 ? null : totalMs,
        tasks: workflow.tasks.map(({ id, kind, dependsOn, trigger, critical }) => ({
          task: id,
          kind,
          dependsOn,
          trigger: triggerText(trigger),
          critical,
          wave: waves.get(id) ?? 0,
          expectedMs: past.get(id) ?? null,
          onCriticalPath: onPath.has(id),
          takenFrom: taken?.get(id) ?? null,
        })),
      };
    }),
  };
}
