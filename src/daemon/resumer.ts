import { type Clock, isWranglerError, type Log } from "../core/index.ts";
import type { RunRecord } from "../orchestration/index.ts";
import type { Store } from "../stores/index.ts";
import { RetryTimes } from "./retry-times.ts";
import type { RunsAtWork } from "./runs-at-work.ts";
import { sentenceOf } from "./workshop.ts";

interface ResumerDeps {
  readonly store: Pick<Store, "runs" | "holder">;
  readonly clock: Clock;
  readonly atWork: RunsAtWork;
  /** Why nothing may be started now; null when it may. */
  readonly hindrance: () => string | null;
  readonly log: Log;
  /** Is called when a run that was resumed has ended, or could not be resumed. */
  readonly onEnd: () => void;
}

/** Takes up runs whose process is gone: at the start of the service, and whenever one dies later. */
export interface Resumer {
  look(): void;
  /** Runs that could not be taken up, and why. They are tried again, each time later. */
  refused(): readonly { readonly runId: string; readonly message: string }[];
}

export function resumer(deps: ResumerDeps): Resumer {
  const { store, clock, atWork, log } = deps;
  const failures = new RetryTimes();

  const resume = async (runId: string): Promise<void> => {
    const outcome = await atWork.resume(runId);
    // one that stops again at once is not taken up again at once
    if (outcome.ok && outcome.run.waitsFor === "process") {
      failures.failed(runId, "it was interrupted again", clock.now());
    } else if (outcome.ok) failures.forget(runId);
    else if (!isSomebodyElses(outcome.error)) {
      failures.failed(runId, sentenceOf(outcome.error), clock.now());
      log.warn({ run: runId, reason: sentenceOf(outcome.error) }, "a run cannot be taken up");
    }
    deps.onEnd();
  };

  return {
    look() {
      const unfinished = store.runs.unfinished();
      failures.keep(new Set(unfinished.map(({ runId }) => runId)));
      if (deps.hindrance() !== null) return;
      for (const { runId } of unfinished.filter((run) => isInterrupted(store, run))) {
        if (atWork.has(runId)) continue;
        if (failures.waitsUntil(runId, clock.now()) === undefined) void resume(runId);
      }
    },
    refused: () => failures.all().map(({ key, message }) => ({ runId: key, message })),
  };
}

/** What waits for a person goes on when that person says so. */
function isInterrupted(
  store: Pick<Store, "holder">,
  { runId, status, waitsFor }: RunRecord,
): boolean {
  if (status === "WAITING" && waitsFor !== "process") return false;
  return store.holder(runId) === undefined;
}

/** Another process was quicker, or has ended it meanwhile. */
function isSomebodyElses(error: unknown): boolean {
  return isWranglerError(error) && ["RUN_BUSY", "RUN_LOST", "RUN_ENDED"].includes(error.code);
}
