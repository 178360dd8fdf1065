import type {
  AttemptRecord,
  EffectRecord,
  ProgressEvent,
  StageRecord,
  TaskRecord,
} from "../orchestration/index.ts";

/** What is on disk of one account's part in a run, read anew by each call. */
export interface JournalView {
  /** In the order in which they were first recorded. */
  tasks(): readonly TaskRecord[];
  /** Of one task, or of all. */
  attempts(task?: string): readonly AttemptRecord[];
  effects(task?: string): readonly EffectRecord[];
  stages(): readonly StageRecord[];
  events(afterSeq?: number): readonly ProgressEvent[];
}
