/** The runner over a real store, with a graph that only has the tasks of each account run. */
import { settingsFor, type Settings } from "../../src/config/index.ts";
import { type Clock, systemClock } from "../../src/core/index.ts";
import {
  limiter,
  pacer,
  type Perform,
  type TaskDefinition,
  type WorkflowDefinition,
} from "../../src/orchestration/index.ts";
import type { ActiveRun, RunRef } from "../../src/service/active-run.ts";
import { type HandOver, handOver } from "../../src/service/hand-over.ts";
import { runSettings } from "../../src/service/run-settings.ts";
import { type Runner, runner } from "../../src/service/runner.ts";
import type { Store } from "../../src/stores/index.ts";
import { withStore } from "./store.ts";
import { workflowDefinition } from "./workflow-definition.ts";

export interface PlayedRuns {
  readonly runs: Runner;
  readonly store: Store;
  readonly handOver: HandOver;
  /** Runs as their graphs were told of them. */
  readonly refs: readonly RunRef[];
  /** Settings of the account `acme`, with a workflow of these tasks. */
  readonly settings: (
    tasks: TaskDefinition[],
    own?: Partial<Settings & WorkflowDefinition>,
  ) => Settings;
}

/** @param perform Does the work of all attempts. */
export function playedRuns(
  folder: string,
  perform: Perform,
  clock: Clock = systemClock,
): PlayedRuns {
  const store = withStore(folder, { now: () => clock.now() });
  const active = new Map<string, ActiveRun>();
  const refs: RunRef[] = [];
  const restart = handOver(clock);
  const base = settingsFor({ input: "none.csv", output: "out", cwd: folder });
  const runs = runner({
    store,
    folder,
    clock,
    active,
    handOver: restart,
    limiter: limiter({ heavy: 2 }),
    pace: pacer(),
    logLevel: "warn",
    tool: "0",
    sealed: false,
    runSettings: runSettings(undefined),
    loadModules: async () => {},
    graph: async (ref, workflow, accounts) => {
      refs.push(ref);
      for (const account of accounts) {
        const opened = await active.get(ref.runId)!.open(ref, account);
        const scope = opened.scope("");
        await Promise.all(workflow.tasks.map(({ id }) => scope.run(id, perform)));
        await opened.close();
      }
    },
  });
  return {
    runs,
    store,
    handOver: restart,
    refs,
    settings(tasks, own = {}) {
      const { deadlineMs = null, ...others } = own;
      const workflow = { ...workflowDefinition("daily", tasks), deadlineMs };
      const accounts = base.accounts.map((account) => ({ ...account, id: "acme" }));
      return { ...base, workflows: [workflow], workflow: "daily", accounts, ...others };
    },
  };
}
