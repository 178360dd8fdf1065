import { monitorEventLoopDelay } from "node:perf_hooks";
import { quantile } from "./workbench.ts";

const NANOS_PER_MS = 1e6;

/** How late the event loop came to what was due, in milliseconds. */
export interface Delay {
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** The delay of the event loop while some work goes on. */
export async function delayOf(work: () => Promise<unknown>): Promise<Delay> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return {
    medianMs: delay.percentile(50) / NANOS_PER_MS,
    p99Ms: delay.percentile(99) / NANOS_PER_MS,
    maxMs: delay.max / NANOS_PER_MS,
  };
}

/** Medians of several. */
export function delayText(delays: readonly Delay[]): string {
  const of = (field: keyof Delay) =>
    quantile(
      delays.map((delay) => delay[field]),
      0.5,
    ).toFixed(1);
  return `median ${of("medianMs")} ms, p99 ${of("p99Ms")} ms, longest ${of("maxMs")} ms`;
}
