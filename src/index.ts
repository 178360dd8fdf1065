/** data-wrangler for scripts: make the tool, run it, watch it; extend it with parts of your own. */
export { type AppOptions, createApp } from "./app.ts";
export {
  type Ask,
  type Clock,
  ERRORS,
  type ErrorCode,
  type Failure,
  identifier,
  isWranglerError,
  literal,
  type Query,
  type SimulatedClock,
  simulatedClock,
  type Sql,
  systemClock,
  WranglerError,
} from "./core/index.ts";
export type {
  AccountSummary,
  App,
  ApplyRequest,
  ApplyResult,
  AttemptRecord,
  CheckLevel,
  CheckResult,
  ComingSlot,
  ComingTask,
  DatasetSummary,
  DoctorReport,
  EffectRecord,
  GraphFormat,
  HealthCheck,
  Overview,
  PlanReport,
  ProgressEvent,
  PruneResult,
  RunHappening,
  RunHistory,
  RunHooks,
  RunRecord,
  RunReport,
  RunRequest,
  RunResult,
  ScheduleReport,
  ServiceEnd,
  ServiceHealth,
  ServiceHooks,
  ServiceNotice,
  ServiceRequest,
  StageRecord,
  StageRequest,
  StageResult,
  TaskRecord,
  TaskResults,
  TaskSelection,
  UndoRequest,
  UndoResult,
} from "./orchestration/index.ts";
export {
  type CellExpression,
  defineOperation,
  type OperationDefinition,
  type Recipe,
  type Step,
} from "./recipe/index.ts";
export type { ScheduleDefinition, SlotRecord } from "./schedule/index.ts";
export { type Contender, defineRankingPolicy, type RankingPolicy } from "./stages/ranking/index.ts";
export { defineMetric, type MetricContext, type MetricDefinition } from "./stages/scoring/index.ts";
export {
  defineGenerator,
  type GeneratorContext,
  type GeneratorDefinition,
  type Proposal,
} from "./stages/transformation/index.ts";
export {
  type ConstraintContext,
  type ConstraintDefinition,
  defineConstraint,
} from "./stages/validation/index.ts";
export {
  defineTaskKind,
  type Effect,
  type ModuleContext,
  type TaskContext,
  type TaskKind,
} from "./tasks/index.ts";
