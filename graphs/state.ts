/**
 * Every channel, declared once; a graph's state is the channels it picks. State is small and is
 * JSON: it names files and holds counts and hashes, never rows.
 *
 * @module
 */
import { withLangGraph } from "@langchain/langgraph/zod";
import { z } from "zod";
import {
  AccountSummary,
  Counts,
  DatasetSummary,
  Stage,
  TaskStatus,
} from "../src/orchestration/index.ts";

/**
 * A map in state, merged key by key; the later record of a key wins. Merging twice is merging
 * once, so parallel branches, a repeated node and a subgraph that hands back the map it was given
 * all leave the same state.
 */
function mapOf<Item>(item: z.ZodType<Item, Item>, description: string) {
  type ItemMap = Record<string, Item>;
  const map: z.ZodType<ItemMap, ItemMap> = z.record(z.string(), item).describe(description);
  return withLangGraph<ItemMap, ItemMap, typeof map>(map, {
    reducer: { schema: map, fn: (kept, next) => ({ ...kept, ...next }) },
    default: () => ({}),
  });
}

/** The run that a graph works for. */
export const RunRef = z.object({
  runId: z.string(),
  /** Working folder of the run; holds its settings, log and intermediate files. */
  folder: z.string(),
  /** Fingerprint of the settings the run was started with. */
  settings: z.string(),
  /** Raised each time failed tasks are run again after the run's end; part of the thread's id. */
  round: z.number(),
  /** When the run was due, or started; ISO 8601, UTC. */
  scheduledAt: z.string(),
  /** When this round was started; ISO 8601, UTC. */
  startedAt: z.string(),
});
export type RunRef = z.infer<typeof RunRef>;

/** A file of the working folder, by its path there. */
export const Artifact = z.object({ path: z.string(), sha256: z.string(), counts: Counts });
export type Artifact = z.infer<typeof Artifact>;

/** How a task ended; its results are in the journal. */
export const TaskOutcome = z.object({
  status: TaskStatus,
  attempts: z.number(),
  durationMs: z.number(),
});
export type TaskOutcome = z.infer<typeof TaskOutcome>;

const channels = {
  run: RunRef.describe("The run, as the application started it"),
  account: z.string().describe("Account id"),
  task: z.string().describe("Task of the account, whose working folder it is"),
  dataset: z.string().describe("Dataset of the task"),
  outer: z.string().describe("Task that the workflow is nested in; empty for the run's own"),
  datasets: z.array(z.string()).describe("Datasets to prepare"),
  upTo: Stage.exclude(["loading"]).describe("Last stage"),
  outcomes: mapOf(TaskOutcome, "How each task ended, by its id"),
  accounts: z.array(z.string()).describe("Accounts to run"),
  summaries: mapOf(AccountSummary, "How each account ended, by account id"),
  results: mapOf(DatasetSummary, "How each dataset ended, by name"),
  staged: mapOf(Artifact, "The dataset as loaded"),
  reused: z.boolean().default(false).describe("Outputs of an equal earlier run stand"),
  parts: mapOf(Artifact, "Parts of the profile, by branch"),
  profiles: mapOf(Artifact, "The profile"),
  proposals: mapOf(Artifact, "Proposed steps, by generator"),
  normalised: mapOf(Artifact, "Rows after the first wave of steps"),
  candidates: mapOf(Artifact, "Candidate recipes, by id"),
  verdicts: mapOf(Artifact, "Verdicts, by candidate id"),
  scores: mapOf(Artifact, "Scores, by candidate id"),
  rankings: mapOf(Artifact, "The ranking"),
  outputs: mapOf(Artifact, "Files written, by name"),
};

const { run, account, task, dataset, staged, profiles, candidates, verdicts, scores, rankings } =
  channels;
const place = { run, account, task, dataset };

/** State of the master graph: which accounts run and how each ended. */
export const OrchestrationState = z.object({
  run,
  accounts: channels.accounts,
  summaries: channels.summaries,
});

export const AccountState = z.object({
  run,
  account,
  outer: channels.outer,
  outcomes: channels.outcomes,
});

export const DatasetsState = z.object({
  run,
  account,
  task,
  datasets: channels.datasets,
  upTo: channels.upTo,
  results: channels.results,
});

export const PrepareState = z.object({
  ...place,
  staged,
  reused: channels.reused,
  profiles,
  candidates,
  verdicts,
  scores,
  rankings,
  outputs: channels.outputs,
});

export const ProfilingState = z.object({ ...place, staged, parts: channels.parts, profiles });

export const TransformationState = z.object({
  ...place,
  staged,
  profiles,
  proposals: channels.proposals,
  normalised: channels.normalised,
  candidates,
});

export const ValidationState = z.object({ ...place, staged, profiles, candidates, verdicts });

export const ScoringState = z.object({ ...place, staged, profiles, candidates, verdicts, scores });

export const RankingState = z.object({ ...place, candidates, verdicts, scores, rankings });

/** A task's working folder: in which run, of which account. */
export interface TaskPlace {
  readonly run: RunRef;
  readonly account: string;
  readonly task: string;
}

/** Which dataset of which task: what every node of `prepare` knows. */
export interface Place extends TaskPlace {
  readonly dataset: string;
}
