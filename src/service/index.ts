/** Service: executes runs: their lease, log, engines and records. */
export { engines, type Engines } from "./engines.ts";
export type { RunRecorder } from "./recorder.ts";
export { replayRecipe, undoChanges } from "./replay.ts";
export { type MasterGraph, type RunHandle, type Runner, runner } from "./runner.ts";
export { singleStages, type StageChain } from "./single-stages.ts";
export { slots } from "./slots.ts";
