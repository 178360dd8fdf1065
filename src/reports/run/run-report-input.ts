import type {
  AccountSummary,
  AttemptRecord,
  EffectRecord,
  RunRecord,
  TaskRecord,
  WorkflowDefinition,
} from "../../orchestration/index.ts";

/** All that the report of a run tells. */
export interface RunReportInput {
  readonly run: RunRecord;
  /** Of all accounts. */
  readonly tasks: readonly TaskRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly effects: readonly EffectRecord[];
  readonly accounts: readonly AccountSummary[];
  readonly workflow: WorkflowDefinition;
  /** Workflows that tasks of kind `workflow` run, by the task's id, to be drawn in their places. */
  readonly nested?: ReadonlyMap<string, WorkflowDefinition>;
  /** Version of the tool. */
  readonly tool: string;
}

/** A task's identity over all accounts; no account or task id holds the separator. */
export function taskKey({ account, task }: { account: string; task: string }): string {
  return `${account}\n${task}`;
}

/** The moment of an ISO 8601 time in epoch milliseconds; null where there is none. */
export function moment(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}
