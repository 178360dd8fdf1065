import { join } from "node:path";
import { isGraphBubbleUp, type LangGraphRunnableConfig, Send } from "@langchain/langgraph";
import { failureOf, WranglerError, writeJson } from "../../src/core/index.ts";
import type { AccountSummary, DatasetSummary } from "../../src/orchestration/index.ts";
import type { GraphDeps } from "../deps.ts";
import type { OrchestrationState, RunRef } from "../state.ts";
import type { z } from "zod";
import { nestedConfig } from "./nested.ts";
import { settingsOf } from "./workspace.ts";

type State = z.infer<typeof OrchestrationState>;

/** The compiled account graph, as far as its caller cares. */
interface AccountRunner {
  invoke(
    input: { run: RunRef; account: string; results: Record<string, DatasetSummary> },
    config: LangGraphRunnableConfig,
  ): Promise<{ results: Record<string, DatasetSummary> }>;
}

export function masterNodes(deps: GraphDeps, account: AccountRunner) {
  return {
    /** Check that what was asked for is there, before any account starts. */
    plan: async ({ run, accounts }: State): Promise<Partial<State>> => {
      const settings = await settingsOf(run);
      const known = new Set(settings.accounts.map(({ id }) => id));
      const unknown = accounts.filter((id) => !known.has(id));
      if (unknown.length > 0) throw new WranglerError("ACCOUNT_UNKNOWN", unknown.join(", "));
      return { accounts };
    },

    /** One visit to `account` for each selected account, at once. */
    eachAccount: ({ run, accounts }: State) =>
      accounts.length === 0
        ? "report"
        : accounts.map((id) => new Send("account", { run, account: id })),

    /** One account, start to end. Its failure becomes its summary and stops no other account. */
    runAccount: async (
      { run, account: id }: { run: RunRef; account: string },
      config: LangGraphRunnableConfig,
    ): Promise<Partial<State>> => {
      const recorder = deps.recorderOf(run.runId);
      let summary: AccountSummary;
      try {
        const results = await deps.accountSlot(async () => {
          config.signal?.throwIfAborted();
          recorder.accountStarted(id);
          const end = await account.invoke({ run, account: id, results: {} }, nestedConfig(config));
          return Object.values(end.results);
        });
        const failed = results.some(({ status }) => status === "FAILED");
        const datasets = results.toSorted((a, b) => (a.dataset < b.dataset ? -1 : 1));
        summary = { account: id, status: failed ? "FAILED" : "COMPLETED", datasets, failure: null };
      } catch (error) {
        if (isGraphBubbleUp(error) || config.signal?.aborted) throw error;
        const failure = failureOf(error, id);
        recorder.log(id).error({ failure }, "account failed");
        summary = { account: id, status: "FAILED", datasets: [], failure };
      } finally {
        await deps.closeEngine(run.runId, id);
      }
      recorder.accountFinished(summary);
      return { summaries: { [id]: summary } };
    },

    /** Leave the outcome of the run beside its log. */
    report: async ({ run, summaries }: State): Promise<Partial<State>> => {
      await writeJson(join(run.folder, "summary.json"), Object.values(summaries));
      return {};
    },
  };
}
