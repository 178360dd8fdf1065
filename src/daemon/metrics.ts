/** What Prometheus is told. */
import type { Registry } from "prom-client";
import type { AccountSummary, ProgressEvent } from "../orchestration/index.ts";
import type { SlotRecord } from "../schedule/index.ts";
import { addGauges, type Counters, countersOf, type Gauges } from "./metric-set.ts";
import type { News } from "./voice.ts";

const MS = 1_000;

interface MetricsDeps extends Gauges {
  readonly tool: string;
  /** Kind of the task that an event is about. */
  readonly kindOf: (event: Extract<ProgressEvent, { type: "task-finished" }>) => string;
}

export interface Metrics {
  hear(event: ProgressEvent): void;
  hearNews(news: News, nowMs: number): void;
  /** A workflow has completed; also told of those before the service started. */
  succeeded(workflow: string, atMs: number): void;
  text(): Promise<{ readonly type: string; readonly text: string }>;
}

let ofProcess: Registry | undefined;

export async function metrics(deps: MetricsDeps): Promise<Metrics> {
  const prometheus = await import("prom-client");
  const registry = new prometheus.Registry();
  // Once in a process: each time it observes garbage collections it goes on to do so.
  if (!ofProcess) {
    ofProcess = new prometheus.Registry();
    prometheus.collectDefaultMetrics({ register: ofProcess });
  }
  const registries = [registry, ofProcess];
  const counters = countersOf(prometheus, registry);
  addGauges(prometheus, registry, deps);

  return {
    hear: (event) => hear(event, counters, deps),
    hearNews: (news, nowMs) => hearNews(news, nowMs, counters),
    succeeded: (workflow, atMs) => counters.lastSuccess.set({ workflow }, atMs / MS),
    // Merged, a registry has what was there then.
    text: async () => ({
      type: registry.contentType,
      text: await prometheus.Registry.merge(registries).metrics(),
    }),
  };
}

function hear(event: ProgressEvent, counters: Counters, { kindOf }: MetricsDeps): void {
  if (event.type === "task-started") counters.attempts.inc({ kind: event.kind });
  if (event.type === "effect-uncertain") counters.uncertain.inc();
  if (event.type === "account-finished") hearRows(event.summary, counters);
  if (event.type !== "task-finished") return;
  const { status, durationMs } = event;
  const kind = kindOf(event);
  counters.tasks.inc({ kind, status });
  if (status === "COMPLETED") counters.durations.observe({ kind }, durationMs / MS);
}

/** Of datasets that were prepared in this run. */
function hearRows({ datasets }: AccountSummary, { rows }: Counters): void {
  for (const dataset of datasets.filter(({ reused }) => !reused)) {
    rows.inc({ flow: "in" }, dataset.recordsIn);
    rows.inc({ flow: "out" }, dataset.rowsOut);
    rows.inc({ flow: "quarantined" }, dataset.rowsQuarantined);
    rows.inc({ flow: "duplicates" }, dataset.duplicatesRemoved);
  }
}

function hearNews(news: News, nowMs: number, counters: Counters): void {
  if (news.type === "slot") hearSlot(news.slot, counters);
  if (news.type !== "run-ended" || news.status === "WAITING") return;
  const { workflow, status } = news;
  counters.runs.inc({ workflow, status });
  if (status === "COMPLETED") counters.lastSuccess.set({ workflow }, nowMs / MS);
}

/** What waits is counted when it is known what became of it. */
function hearSlot({ schedule, status, at, startAt }: SlotRecord, counters: Counters): void {
  if (status === "DUE" || status === "QUEUED") return;
  counters.slots.inc({ schedule, status });
  if (status === "STARTED") {
    counters.lateness.observe(Math.max(0, Date.parse(at) - Date.parse(startAt)) / MS);
  }
}
