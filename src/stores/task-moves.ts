/** Tasks taken over into another run, or set back within theirs. */
import {
  type EffectRecord,
  freshTask,
  isStep,
  type Journal,
  type TaskRecord,
} from "../orchestration/index.ts";
import type { JournalView } from "./journal-view.ts";

/**
 * Take tasks and what is below them (`TASK/…`) over into the journal of another run, with results
 * and stages.
 */
export async function copyTasks(
  from: JournalView,
  fromRunId: string,
  to: Journal,
  tasks: readonly string[],
): Promise<void> {
  const isMeant = among(tasks);
  await to.commit({
    tasks: from
      .tasks()
      .filter(({ task }) => isMeant(task))
      .map((record) => takenOver(record, fromRunId)),
    stages: from.stages().filter(({ task }) => isMeant(task)),
  });
}

/**
 * Set tasks back to NOT_STARTED in a new round, `round` or a higher one, with their steps and what is
 * nested in them. What COMPLETED within a task that did not stays as it is.
 *
 * @param keepEffects Whether the new round goes on with the effects of the one before: for tasks that
 *   did not complete.
 */
export async function resetTasks(
  journal: Journal,
  tasks: readonly string[],
  round: number,
  keepEffects: boolean,
): Promise<void> {
  const again = withBelow(journal, tasks).map((before) => ({
    before,
    after: notStarted(before, round),
  }));
  await journal.commit({
    tasks: again.map(({ after }) => after),
    effects: keepEffects
      ? again.flatMap(({ before, after }) => carriedOver(journal, before, after.round))
      : [],
  });
}

/** Tasks that are meant, and what goes with them. */
function withBelow(journal: Journal, tasks: readonly string[]): TaskRecord[] {
  const meant = new Set(tasks);
  const again = new Map<string, TaskRecord>();
  // What is around a task has a shorter path and is looked at before it.
  for (const record of journal.tasks().toSorted((a, b) => a.task.length - b.task.length)) {
    const { task, status } = record;
    const around = again.get(task.slice(0, Math.max(0, task.lastIndexOf("/"))));
    const goesAlong =
      around && (isStep(task) || status !== "COMPLETED" || around.status === "COMPLETED");
    if (meant.has(task) || goesAlong) again.set(task, record);
  }
  return [...again.values()];
}

/** Effects of a task in its last round, for the next; what cleans up does so in each round. */
function carriedOver(journal: Journal, { task, round }: TaskRecord, next: number): EffectRecord[] {
  if (isStep(task)) return [];
  return journal
    .effects(task)
    .filter((effect) => effect.round === round && effect.status !== "NOT_DONE")
    .map((effect) => inRound(effect, next));
}

function among(tasks: readonly string[]): (task: string) => boolean {
  const meant = new Set(tasks);
  return (task) => {
    for (let end = task.length; end > 0; end = task.lastIndexOf("/", end - 1)) {
      if (meant.has(task.slice(0, end))) return true;
    }
    return false;
  };
}

function inRound(effect: EffectRecord, round: number): EffectRecord {
  return { ...effect, round };
}

function takenOver(record: TaskRecord, takenFrom: string): TaskRecord {
  return { ...record, round: 1, takenFrom };
}

function notStarted({ account, task, kind, round: last }: TaskRecord, round: number): TaskRecord {
  // A nested task may have been run again more often than the run that it is in.
  return { ...freshTask(account, task, kind), round: Math.max(round, last + 1) };
}
