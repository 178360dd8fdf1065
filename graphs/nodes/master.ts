import { join } from "node:path";
import {
  GraphInterrupt,
  isGraphBubbleUp,
  isGraphInterrupt,
  type LangGraphRunnableConfig,
  Send,
} from "@langchain/langgraph";
import type { z } from "zod";
import { isWranglerError, WranglerError, writeJson } from "../../src/core/index.ts";
import {
  type AccountSummary,
  DatasetSummary,
  type Hold,
  holdBusy,
  maskedFailure,
  type Scope,
  type TaskRecord,
  tally,
  whileBusy,
  type WorkflowDefinition,
} from "../../src/orchestration/index.ts";
import type { AccountRun, GraphDeps } from "../deps.ts";
import type { OrchestrationState, RunRef } from "../state.ts";
import { LateWrites } from "./late-writes.ts";
import { nestedConfig } from "./nested.ts";
import type { NestedGraph } from "./task-surroundings.ts";

type State = z.infer<typeof OrchestrationState>;

/** Most accounts that are siblings of their own; beyond, several share one. */
const MOST_SIBLINGS = 200;

/** Accounts that one visit to the node is for. */
interface AccountSend {
  readonly run: RunRef;
  readonly accounts: readonly string[];
}

export function masterNodes(deps: GraphDeps, graphOf: NestedGraph) {
  return {
    /** Check that what was asked for is there, before any account starts. */
    plan: async ({ run, accounts }: State): Promise<Partial<State>> => {
      const settings = await deps.settingsOf(run);
      const known = new Set(settings.accounts.map(({ id }) => id));
      const unknown = accounts.filter((id) => !known.has(id));
      if (unknown.length > 0) throw new WranglerError("ACCOUNT_UNKNOWN", unknown.join(", "));
      return { accounts };
    },

    /** One visit to `account` for each selected account, at once. */
    eachAccount: ({ run, accounts }: State) => {
      if (accounts.length === 0) return "report";
      const count = Math.min(accounts.length, MOST_SIBLINGS);
      const shares = Array.from({ length: count }, (_, i) =>
        accounts.filter((_id, at) => at % count === i),
      );
      return shares.map((share) => new Send("account", { run, accounts: share }));
    },

    /** Accounts, start to end. The failure of one becomes its summary and stops no other. */
    runAccounts: async (
      { run, accounts }: AccountSend,
      config: LangGraphRunnableConfig,
    ): Promise<Partial<State>> => {
      const ended = await Promise.all(
        accounts.map((id) => runAccount({ deps, graphOf, run, id }, config)),
      );
      // No trace in the checkpoint: the node is asked again when the run is resumed.
      if (ended.includes(undefined)) throw new GraphInterrupt([]);
      const summaries = ended.flatMap((summary) => summary ?? []);
      return { summaries: Object.fromEntries(summaries.map((one) => [one.account, one])) };
    },

    /** Leave the outcome of the run beside its log. */
    report: async ({ run, summaries }: State): Promise<Partial<State>> => {
      const path = join(run.folder, "summary.json");
      await whileBusy(deps.clock, () => writeJson(path, Object.values(summaries)));
      return {};
    },
  };
}

interface AccountVisit {
  readonly deps: GraphDeps;
  readonly graphOf: NestedGraph;
  readonly run: RunRef;
  readonly id: string;
}

/** One account to its end: its summary; undefined when it is to go on later. */
async function runAccount(
  visit: AccountVisit,
  config: LangGraphRunnableConfig,
): Promise<AccountSummary | undefined> {
  const hold = holdBusy(visit.deps.clock);
  try {
    return await runHeld(visit, config, hold);
  } finally {
    hold.end();
  }
}

async function runHeld(
  visit: AccountVisit,
  config: LangGraphRunnableConfig,
  hold: Hold,
): Promise<AccountSummary | undefined> {
  const { deps, run, id } = visit;
  const recorder = deps.recorderOf(run.runId);
  const { summary, error } = await tasksOf(visit, config, hold);
  if (error === undefined) {
    if (summary) await recorder.accountFinished(summary);
    return summary;
  }
  // As a value: thrown, it would leave the other accounts of the visit at work unheeded.
  const lost = isWranglerError(error) && error.code === "RUN_LOST";
  if (lost || isGraphBubbleUp(error) || config.signal?.aborted) throw error;
  const failure = maskedFailure(error, id);
  recorder.log(id).error({ failure }, "account failed");
  const failed: AccountSummary = {
    account: id,
    status: "FAILED",
    tasks: {},
    datasets: [],
    failure,
  };
  await recorder.accountFinished(failed);
  return failed;
}

interface AccountEnd {
  /** Undefined also when it is to go on later. */
  readonly summary?: AccountSummary | undefined;
  /** Why the account could not go on. */
  readonly error?: unknown;
}

/** The tasks of an account, until none is at work any more. */
async function tasksOf(
  { deps, graphOf, run, id }: AccountVisit,
  config: LangGraphRunnableConfig,
  hold: Hold,
): Promise<AccountEnd> {
  let account: AccountRun | undefined;
  let end: AccountEnd = {};
  try {
    account = await deps.openAccount(run, id);
    deps.recorderOf(run.runId).accountStarted(id, taskIds(account.workflow));
    const graph = graphOf(account.workflow);
    const place = { run, account: id, outer: "", outcomes: {} };
    const own = accountConfig(account, config);
    await hold.pause(() => graph.invoke(place, own));
    end = { summary: summaryOf(id, account.scope("")) };
  } catch (error) {
    if (!isGraphInterrupt(error)) end = { error };
  } finally {
    await account?.close();
    await deps.closeEngine(run.runId, id);
  }
  // Also after a graph that ended well: what it rests on is not on record.
  const error = account?.failure() ?? end.error;
  return error === undefined ? end : { error };
}

/** The account's graph keeps its checkpoints with the account, not with the master's. */
function accountConfig(
  account: AccountRun,
  config: LangGraphRunnableConfig,
): LangGraphRunnableConfig {
  const nested = nestedConfig(config);
  const { checkpointer } = account;
  if (!checkpointer) return nested;
  const fail = (error: unknown) => account.fail(error);
  const configurable = {
    ...nested.configurable,
    __pregel_checkpointer: new LateWrites(checkpointer, account.world.clock, fail),
  };
  return { ...nested, configurable };
}

function summaryOf(account: string, scope: Scope): AccountSummary | undefined {
  const status = scope.status();
  if (status !== "COMPLETED" && status !== "FAILED" && status !== "CANCELED") return undefined;
  const records = scope.records().filter((record) => record !== undefined);
  const tasks = tally(records.map((record) => record.status));
  return { account, status, tasks, datasets: records.flatMap(datasetsOf), failure: null };
}

/** Summaries of the datasets that a task prepared, by name. */
function datasetsOf({ kind, results }: TaskRecord): DatasetSummary[] {
  if (kind !== "prepare" && kind !== "apply") return [];
  const { datasets } = results;
  const found = Object.values(typeof datasets === "object" && datasets !== null ? datasets : {});
  return found
    .flatMap((one) => DatasetSummary.safeParse(one).data ?? [])
    .toSorted((a, b) => (a.dataset < b.dataset ? -1 : 1));
}

function taskIds({ tasks }: WorkflowDefinition): string[] {
  return tasks.map(({ id }) => id);
}
