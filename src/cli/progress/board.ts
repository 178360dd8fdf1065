/** Where a run stands, from its events. */
import type { ProgressEvent } from "../../orchestration/index.ts";

type StageEvent = Extract<ProgressEvent, { stage: unknown }>;

/** A dataset, or an account of which no dataset has begun. */
export interface Line {
  readonly account: string;
  readonly dataset: string | null;
  readonly state: "waiting" | "working" | "done" | "failed";
  /** Stages that ended well. */
  readonly stagesDone: number;
  /** The stage in hand, or the last one. */
  readonly stage: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch; when it ended, `endedAt`. */
  readonly startedAt: number;
  readonly endedAt: number | null;
}

export class Board {
  readonly #lines = new Map<string, Line>();
  runId = "";
  /** Milliseconds since the epoch. */
  startedAt = 0;

  /** Lines in the order of accounts, then of their datasets' beginning. */
  get lines(): readonly Line[] {
    return [...this.#lines.values()].toSorted(
      (a, b) => this.#accounts.indexOf(a.account) - this.#accounts.indexOf(b.account),
    );
  }

  #accounts: readonly string[] = [];

  take(event: ProgressEvent, now: number): void {
    switch (event.type) {
      case "run-started":
        this.#accounts = event.accounts;
        this.runId = event.runId;
        this.startedAt = now;
        for (const account of event.accounts) this.#lines.set(account, waiting(account, now));
        break;
      case "account-started":
        this.#lines.set(event.account, { ...waiting(event.account, now), state: "working" });
        break;
      case "stage-started":
      case "stage-finished":
      case "stage-reused":
      case "stage-failed":
        this.#takeStage(event, now);
        break;
      case "account-finished":
        this.#settle(event.summary.account, event.summary.status === "FAILED", now);
        break;
      case "engine-replaced":
      case "run-finished":
        break;
    }
  }

  #takeStage(event: StageEvent, now: number): void {
    const key = `${event.account}/${event.dataset}`;
    this.#lines.delete(event.account);
    const line = this.#lines.get(key) ?? { ...waiting(event.account, now), dataset: event.dataset };
    const ended = event.type === "stage-finished" || event.type === "stage-reused";
    const failed = event.type === "stage-failed";
    this.#lines.set(key, {
      ...line,
      state: failed ? "failed" : "working",
      stage: event.stage,
      stagesDone: line.stagesDone + (ended ? 1 : 0),
      counts: ended ? event.counts : {},
      endedAt: failed ? now : null,
    });
  }

  #settle(account: string, failed: boolean, now: number): void {
    for (const [key, line] of this.#lines) {
      if (line.account !== account || line.endedAt !== null) continue;
      // of a failed account, datasets without a failed stage of their own may be done
      const state = failed && line.dataset === null ? "failed" : "done";
      this.#lines.set(key, { ...line, state, endedAt: now });
    }
  }
}

function waiting(account: string, now: number): Line {
  const none = { stagesDone: 0, stage: "", counts: {}, startedAt: now, endedAt: null };
  return { account, dataset: null, state: "waiting", ...none };
}
