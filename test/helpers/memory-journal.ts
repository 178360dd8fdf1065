import type {
  AttemptRecord,
  EffectRecord,
  Journal,
  JournalEntry,
  ProgressEvent,
  StageRecord,
  TaskRecord,
} from "../../src/orchestration/index.ts";

export interface MemoryJournal extends Journal {
  /** Every entry that was committed, in order. */
  readonly entries: readonly JournalEntry[];
  /** From now on commits are refused with this, as when the run was taken over. */
  refuse(error: Error): void;
}

/** A journal that is kept in memory: a record takes the place of the one with the same key. */
export function memoryJournal(runId = "run-1", account = "acme"): MemoryJournal {
  const tasks = new Map<string, TaskRecord>();
  const attempts = new Map<string, AttemptRecord>();
  const effects = new Map<string, EffectRecord>();
  const stages = new Map<string, StageRecord>();
  const events: ProgressEvent[] = [];
  const entries: JournalEntry[] = [];
  let refusal: Error | undefined;

  return {
    runId,
    account,
    entries,
    tasks: () => [...tasks.values()],
    task: (task) => tasks.get(task),
    attempts: (task) => [...attempts.values()].filter((one) => one.task === task),
    effects: (task) => [...effects.values()].filter((one) => one.task === task),
    stages: () => [...stages.values()],
    events: () => events,
    refuse(error) {
      refusal = error;
    },
    async commit(entry) {
      if (refusal) throw refusal;
      // Through JSON, as on disk: what would not survive it does not survive here.
      const kept: JournalEntry = JSON.parse(JSON.stringify(entry));
      entries.push(kept);
      for (const one of kept.tasks ?? []) tasks.set(one.task, one);
      for (const one of kept.attempts ?? []) {
        attempts.set([one.task, one.round, one.attempt].join("\n"), one);
      }
      for (const one of kept.effects ?? []) {
        effects.set([one.task, one.effect, one.round].join("\n"), one);
      }
      for (const one of kept.stages ?? []) {
        stages.set([one.task, one.dataset, one.stage].join("\n"), one);
      }
      for (const happening of kept.happenings ?? []) {
        events.push({ ...happening, runId, seq: events.length + 1, at: new Date().toISOString() });
      }
    },
  };
}
