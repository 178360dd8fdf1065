/** Orchestration: workflows, their state machine, and what can be asked of the tool. */
export type {
  App,
  ApplyRequest,
  ApplyResult,
  CheckResult,
  GraphFormat,
  PlanReport,
  PruneResult,
  RunHistory,
  RunHooks,
  RunReport,
  RunRequest,
  RunResult,
  StageRequest,
  StageResult,
  TaskPlan,
  TaskSelection,
  UndoRequest,
  UndoResult,
} from "./api.ts";
export type {
  CheckLevel,
  ComingSlot,
  ComingTask,
  DoctorReport,
  HealthCheck,
  Overview,
  ScheduleReport,
  ServiceEnd,
  ServiceHealth,
  ServiceHooks,
  ServiceNotice,
  ServiceRequest,
} from "./service-api.ts";
export type { ProgressEvent, RunHappening, StageHappening, TaskHappening } from "./events.ts";
export type { Journal, JournalEntry } from "./journal.ts";
export { maskedFailure, maskedJson } from "./masking.ts";
export {
  type Limiter,
  limiter,
  type PlaceWanted,
  type ProcessLimits,
  type Usage,
} from "./engine/limits.ts";
export {
  isSettled,
  mayBecome,
  tally,
  type WorkflowOutcome,
  workflowStatus,
} from "./rules/machine.ts";
export { AttemptRecord, EffectRecord, TaskRecord, TaskResults } from "./records.ts";
export {
  ancestorsOf,
  criticalPath,
  type CriticalPath,
  descendantsOf,
  type Finding,
  findings,
  type LinkedTask,
  type PlannedTask,
  topologicalOrder,
  wavesOf,
} from "./rules/plan.ts";
export {
  afterFailure,
  type FailedAttempt,
  type Next,
  overlayFor,
  type RecoverableTask,
} from "./rules/after-failure.ts";
export { RecoveryRule, StepDefinition, TaskOptions } from "./rules/recovery.ts";
export {
  type FoundReference,
  type MalformedReference,
  parseReference,
  type Reference,
  type ReferencePath,
  referencesIn,
  resolveReferences,
} from "./rules/references.ts";
export {
  DEFAULT_RETRY,
  delayMs,
  jitterShare,
  policyFor,
  retryAfterMsOf,
  RetryPolicy,
  type RetryRules,
} from "./rules/retry.ts";
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
export {
  canFire,
  decide,
  type Decision,
  type Predecessor,
  TriggerName,
  TriggerRule,
  triggerText,
} from "./rules/trigger.ts";
export { ParallelLimits, TaskDefinition, UncertainPolicy, WorkflowDefinition } from "./workflow.ts";
export {
  accountControl,
  nestedControl,
  type PartControl,
  type RunControl,
  runControl,
} from "./engine/run-control.ts";
export { openScope, type Scope, type ScopeTerms } from "./engine/scope.ts";
export { isStep, isTopLevel, scopeOf } from "./rules/task-path.ts";
export type { AccountWorld, AttemptOrder, Perform } from "./engine/task-world.ts";
export { type Hold, holdBusy, whileBusy } from "./engine/busy.ts";
export { type Pace, pacer } from "./engine/pace.ts";
export type { RunSlot } from "./engine/start-times.ts";
export { freshTask } from "./engine/task-records.ts";
