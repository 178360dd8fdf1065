/** Graphs: the pictures of what runs, and what runs them. */
export { accountGraph } from "./account.ts";
export { STAGE_FILE, stageChain } from "./chain.ts";
export { datasetsGraph } from "./datasets.ts";
export type { AccountRun, GraphDeps } from "./deps.ts";
export { masterGraph } from "./master.ts";
export { prepareGraph } from "./prepare.ts";
export { profilingGraph } from "./profiling.ts";
export { rankingGraph } from "./ranking.ts";
export { runnableMaster } from "./runnable.ts";
export { scoringGraph } from "./scoring.ts";
export { transformationGraph } from "./transformation.ts";
export { validationGraph } from "./validation.ts";
