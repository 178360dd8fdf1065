import type { Clock, Failure } from "../../core/index.ts";
import type { Journal } from "../journal.ts";
import type { AttemptRecord, TaskRecord } from "../records.ts";
import { afterFailure, type Next } from "../rules/after-failure.ts";
import { jitterShare, retryAfterMsOf } from "../rules/retry.ts";
import type { TaskDefinition } from "../workflow.ts";

/** A task whose attempt has failed, as far as it decides about the next one. */
export interface FailedTask {
  readonly task: TaskDefinition;
  readonly record: TaskRecord;
  readonly journal: Journal;
  readonly clock: Clock;
}

/**
 * What is done after a failed attempt. When it is asked again, by the process that takes the run up,
 * the answer is the same.
 *
 * @param error What the attempt threw; undefined when an earlier process made it.
 */
export function nextStep(
  { task, record, journal, clock }: FailedTask,
  failed: AttemptRecord,
  failure: Failure,
  error: unknown,
): Next {
  const { round, attempt: number } = failed;
  const at = `${record.account}/${record.task}`;
  const others = journal
    .attempts(record.task)
    .filter((one) => one.round === round && one.attempt !== number);
  return afterFailure({
    task,
    errorClass: failure.class ?? "InternalError",
    attempts: [...others, failed],
    firstStartedAt: Date.parse(record.startedAt ?? failed.startedAt),
    now: Date.parse(failed.endedAt ?? failed.startedAt),
    share: jitterShare([journal.runId, at, round, number].join("\n")),
    retryAfterMs: retryAfterMsOf(error, clock.now()),
  });
}
