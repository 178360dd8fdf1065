import type { Clock, Log } from "../core/index.ts";
import type { ProgressEvent, ServiceHooks } from "../orchestration/index.ts";
import type { Store } from "../stores/index.ts";
import type { Gauges } from "./metric-set.ts";
import { type Metrics, metrics } from "./metrics.ts";
import { TasksAtWork } from "./tasks-at-work.ts";
import type { Tell } from "./voice.ts";
import { sentenceOf } from "./workshop.ts";

interface AudienceDeps {
  readonly store: Pick<Store, "runs" | "readAccount">;
  readonly clock: Clock;
  readonly log: Log;
  readonly hooks: Pick<ServiceHooks, "onEvent">;
  readonly gauges: Gauges;
  readonly tool: string;
  /** Tells those outside. */
  readonly tell: Tell;
}

/** All who hear what the service does and what happens in its runs. */
export interface Audience {
  readonly tell: Tell;
  readonly onEvent: (event: ProgressEvent) => void;
  readonly tasks: TasksAtWork;
  readonly metrics: Metrics;
}

export async function audience(deps: AudienceDeps): Promise<Audience> {
  const { store, clock, log, hooks, gauges, tool, tell } = deps;
  const tasks = new TasksAtWork();
  const figures = await metrics({
    ...gauges,
    tool,
    kindOf: (event) => tasks.get(event)?.kind ?? kindOnRecord(store, event),
  });
  for (const { workflow, endedAt, status } of store.runs.list().toReversed()) {
    if (status === "COMPLETED" && endedAt) figures.succeeded(workflow, Date.parse(endedAt));
  }
  const listeners: readonly ((event: ProgressEvent) => void)[] = [
    (event) => figures.hear(event),
    (event) => tasks.hear(event, clock.now()),
    (event) => logEvent(event, log),
    ...(hooks.onEvent ? [hooks.onEvent] : []),
  ];
  return {
    tasks,
    metrics: figures,
    tell(news) {
      figures.hearNews(news, clock.now());
      tell(news);
    },
    onEvent(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          // thrown from here it would end the process
          log.error({ event: event.type, reason: sentenceOf(error) }, "a listener failed");
        }
      }
    },
  };
}

/** Of a task that never started in this process. */
function kindOnRecord(
  store: Pick<Store, "readAccount">,
  event: { readonly runId: string; readonly account: string; readonly task: string },
): string {
  const tasks = store.readAccount(event.runId, event.account).tasks();
  return tasks.find(({ task }) => task === event.task)?.kind ?? "unknown";
}

/** What a person looks for in the log of a service; all the rest is in the logs of its runs. */
function logEvent(event: ProgressEvent, log: Log): void {
  const { type, runId } = event;
  if (type === "run-started" || type === "run-finished") log.info({ event, run: runId }, type);
  else if (isWorrying(event)) log.warn({ event, run: runId }, type);
  else log.debug({ event, run: runId }, type);
}

function isWorrying(event: ProgressEvent): boolean {
  if (event.type === "task-finished") return event.status === "FAILED";
  return ["task-waiting", "effect-uncertain", "engine-replaced"].includes(event.type);
}
