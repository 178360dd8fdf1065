import type { Settings } from "../config/index.ts";
import type { Clock, Log } from "../core/index.ts";
import type {
  ProgressEvent,
  RunHooks,
  RunRecord,
  RunResult,
  TaskSelection,
} from "../orchestration/index.ts";
import type { Runner } from "../service/index.ts";
import type { Tell } from "./voice.ts";
import { sentenceOf } from "./workshop.ts";

/** A run that is to be started for a slot. */
export interface SlotRun {
  readonly settings: Settings;
  readonly select: TaskSelection | undefined;
  readonly schedule: string;
  readonly dueAt: string;
  /** Puts the run on record; what it throws keeps the run from being started. */
  readonly create: (run: RunRecord) => void;
}

/** How this process's part in a run ended: as its record says, or by what was thrown. */
export type RunOutcome =
  | { readonly ok: true; readonly run: RunRecord }
  | { readonly ok: false; readonly error: unknown; readonly runId: string | undefined };

interface RunsDeps {
  readonly runs: Pick<Runner, "start" | "resume">;
  readonly clock: Clock;
  readonly tell: Tell;
  readonly log: Log;
  readonly onEvent: (event: ProgressEvent) => void;
  readonly drain: AbortSignal;
  readonly signal: AbortSignal;
}

/** Of a run its id, once it has one. */
interface About {
  runId: string | undefined;
}

/** The runs that the service executes. What it promises never rejects. */
export class RunsAtWork {
  readonly #deps: RunsDeps;
  readonly #executing = new Set<string>();
  readonly #open = new Set<Promise<RunOutcome>>();

  constructor(deps: RunsDeps) {
    this.#deps = deps;
  }

  start({ settings, select, schedule, dueAt, create }: SlotRun): Promise<RunOutcome> {
    const about: About = { runId: undefined };
    const slot = {
      schedule,
      dueAt,
      create: (run: RunRecord) => {
        create(run);
        about.runId = run.runId;
        this.#executing.add(run.runId);
      },
    };
    const { runs } = this.#deps;
    return this.#follow(about, (hooks) => runs.start(settings, select, hooks, slot));
  }

  resume(runId: string): Promise<RunOutcome> {
    this.#executing.add(runId);
    return this.#follow({ runId }, (hooks) => this.#deps.runs.resume(runId, hooks));
  }

  has(runId: string): boolean {
    return this.#executing.has(runId);
  }

  count(): number {
    return this.#executing.size;
  }

  /** Resolves when there is none left. */
  async allEnded(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  #follow(about: About, begin: (hooks: RunHooks) => Promise<RunResult>): Promise<RunOutcome> {
    const { clock, drain, signal } = this.#deps;
    // days do not pass between the decision and the first that the run tells of itself
    const begun = clock.busy();
    const onEvent = (event: ProgressEvent) => {
      begun();
      this.#hear(event);
    };
    const outcome = this.#outcome(about, () => begin({ onEvent, drain, signal })).finally(() => {
      begun();
      if (about.runId !== undefined) this.#executing.delete(about.runId);
      this.#open.delete(outcome);
    });
    this.#open.add(outcome);
    return outcome;
  }

  #hear(event: ProgressEvent): void {
    const { tell, onEvent } = this.#deps;
    if (event.type === "run-started" && event.resumed) {
      tell({ type: "run-resumed", runId: event.runId });
    }
    onEvent(event);
  }

  async #outcome(about: About, work: () => Promise<RunResult>): Promise<RunOutcome> {
    const { tell, log } = this.#deps;
    try {
      const { run } = await work();
      const { runId, workflow, status } = run;
      tell({ type: "run-ended", runId, workflow, status });
      return { ok: true, run };
    } catch (error) {
      log.error({ run: about.runId, reason: sentenceOf(error) }, "a run stopped");
      return { ok: false, error, runId: about.runId };
    }
  }
}
