import type { RunHooks, RunResult } from "../orchestration/index.ts";
import type { HandOver } from "./hand-over.ts";

interface Host {
  readonly handOver: HandOver;
  readonly resume: (runId: string, hooks: RunHooks) => Promise<RunResult>;
}

/**
 * A run whose process is there for it alone: when it was drained for the sake of a restart, the restart
 * is carried out. Where the process outlives that, the run goes on, and its task says what failed.
 */
export async function hosted(
  { handOver, resume }: Host,
  hooks: RunHooks = {},
  work: () => Promise<RunResult>,
): Promise<RunResult> {
  let result = await work();
  while (result.run.waitsFor === "process" && handOver.requested) {
    const stop = firstOf([hooks.drain, hooks.signal]);
    await handOver.carryOut(stop);
    if (stop.aborted) return result;
    result = await resume(result.run.runId, hooks);
  }
  return result;
}

/** Node 20 may collect a signal that `AbortSignal.any` combined before it aborts. */
function firstOf(signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const first = new AbortController();
  for (const signal of signals) {
    if (signal?.aborted) first.abort(signal.reason);
    signal?.addEventListener("abort", () => first.abort(signal.reason), { once: true });
  }
  return first.signal;
}
