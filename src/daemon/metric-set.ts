/** The metrics there are. Labels are names of configurations, kinds and statuses: no more than there are. */
import type * as prometheus from "prom-client";
import type { HealthCheck, Usage } from "../orchestration/index.ts";

const PREFIX = "data_wrangler_";
/** Seconds: from quick commands to prepared tables of hours. */
const DURATION_BUCKETS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 4 * 3_600];
const LATENESS_BUCKETS = [0.1, 1, 5, 30, 60, 300, 3_600, 6 * 3_600];

/** What is looked up when somebody asks. */
export interface Gauges {
  readonly runsActive: () => number;
  readonly usage: () => Usage;
  readonly storeBytes: () => Promise<number>;
  readonly checks: () => readonly HealthCheck[];
}

export type Prometheus = typeof prometheus;
export type Counters = ReturnType<typeof countersOf>;

export function countersOf(
  { Counter, Gauge, Histogram }: Prometheus,
  registry: prometheus.Registry,
) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `${PREFIX}${name}`, help, labelNames, registers });
  return {
    runs: counter("runs_total", "Runs that this service executed and that ended.", [
      "workflow",
      "status",
    ]),
    tasks: counter("tasks_total", "Tasks that ended, by kind and status.", ["kind", "status"]),
    attempts: counter("attempts_total", "Attempts of tasks.", ["kind"]),
    slots: counter("slots_total", "Slots by what became of them.", ["schedule", "status"]),
    rows: counter("rows_total", "Rows of prepared tables: in, out, quarantined, duplicates.", [
      "flow",
    ]),
    uncertain: counter(
      "effects_uncertain_total",
      "Effects of which it was not known whether they took place.",
      [],
    ),
    durations: new Histogram({
      name: `${PREFIX}task_duration_seconds`,
      help: "How long tasks took that completed, waits between attempts included.",
      labelNames: ["kind"],
      buckets: DURATION_BUCKETS,
      registers,
    }),
    lateness: new Histogram({
      name: `${PREFIX}slot_lateness_seconds`,
      help: "How long after their time slots were started.",
      buckets: LATENESS_BUCKETS,
      registers,
    }),
    lastSuccess: new Gauge({
      name: `${PREFIX}last_success_timestamp_seconds`,
      help: "When a run of a workflow last completed.",
      labelNames: ["workflow"],
      registers,
    }),
  };
}

const LEVELS = { ok: 0, warning: 1, failing: 2 } as const;

export function addGauges(
  { Gauge }: Prometheus,
  registry: prometheus.Registry,
  deps: Gauges & { readonly tool: string },
): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
    const collected: prometheus.Gauge = new Gauge({
      name: `${PREFIX}${name}`,
      help,
      registers,
      collect: async () => collected.set(await read()),
    });
  };
  gauge("runs_active", "Runs that this service executes.", deps.runsActive);
  gauge("tasks_running", "Tasks that have a place under all limits.", () => deps.usage().running);
  gauge("tasks_queued", "Tasks that wait for a place.", () => deps.usage().waiting);
  gauge("store_bytes", "Size of the store's files.", deps.storeBytes);
  const places = new Gauge({
    name: `${PREFIX}places_taken`,
    help: "Places taken of limits that are not of one account or run.",
    labelNames: ["limit"],
    registers,
    collect() {
      places.reset();
      for (const [limit, taken] of deps.usage().places) {
        if (!/^(?:account|run):/.test(limit)) places.set({ limit }, taken);
      }
    },
  });
  const checks = new Gauge({
    name: `${PREFIX}check`,
    help: "Level of each check: 0 ok, 1 warning, 2 failing.",
    labelNames: ["check"],
    registers,
    collect() {
      for (const { name, level } of deps.checks()) checks.set({ check: name }, LEVELS[level]);
    },
  });
  new Gauge({
    name: `${PREFIX}info`,
    help: "Version of the tool.",
    labelNames: ["version"],
    registers,
  }).set({ version: deps.tool }, 1);
}
