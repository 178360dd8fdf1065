/** Orchestration: what runs are made of and what can be asked of the tool. */
export type {
  App,
  ApplyRequest,
  ApplyResult,
  ProgressEvent,
  RunHooks,
  RunReport,
  RunRequest,
  RunResult,
  StageRequest,
  StageResult,
  UndoRequest,
  UndoResult,
} from "./api.ts";
export {
  AccountSummary,
  Counts,
  DatasetSummary,
  RunRecord,
  RunStatus,
  Stage,
  StageRecord,
  TaskStatus,
} from "./status.ts";
