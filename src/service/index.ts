/** Service: executes runs: their lease, log, engines and records. */
export type { ActiveRun, RunRef } from "./active-run.ts";
export { engines, type Engines } from "./engines.ts";
export { type HandOver, handOver } from "./hand-over.ts";
export { hosted } from "./hosted.ts";
export type { MasterGraph } from "./execute.ts";
export type { StartSlot } from "./new-run.ts";
export { planOf } from "./planning.ts";
export { replayRecipe, undoChanges } from "./replay.ts";
export { runSettings } from "./run-settings.ts";
export { type RunViews, runViews } from "./run-views.ts";
export { type Runner, runner, type RunnerDeps } from "./runner.ts";
export { singleStages, type StageChain } from "./single-stages.ts";
export { type Steering, steering } from "./steering.ts";
