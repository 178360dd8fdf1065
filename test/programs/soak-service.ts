/**
 * The service on a simulated clock, for a part of the soak: until a moment of that clock, until it is
 * killed in the middle of its work, with steps of the clock on the way.
 */
import { createApp, simulatedClock } from "../../src/index.ts";

interface Order {
  readonly configPath: string;
  readonly checkpointsFolder: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** When to be killed, and how much later of real time; null: not at all. */
  readonly kill: { readonly atMs: number; readonly afterRealMs: number } | null;
  readonly steps: readonly { readonly atMs: number; readonly byMs: number }[];
  /** How often memory is told, in simulated milliseconds. */
  readonly everyMs: number;
}

const order: Order = JSON.parse(process.argv[2] ?? "{}");
const { configPath, checkpointsFolder, fromMs, untilMs, kill, steps, everyMs } = order;
const clock = simulatedClock(fromMs);
const app = createApp({ checkpointsFolder, clock });
const over = new AbortController();
const collect: unknown = Reflect.get(globalThis, "gc");

const tell = () => {
  if (typeof collect === "function") collect();
  const { heapUsed, rss } = process.memoryUsage();
  const handles = process.getActiveResourcesInfo().length;
  process.send?.({ atMs: clock.now(), heapUsed, rss, handles });
};
const tellAgain = () => {
  tell();
  clock.after(everyMs, tellAgain);
};
clock.after(everyMs, tellAgain);
for (const { atMs, byMs } of steps) clock.after(atMs - fromMs, () => clock.step(byMs));
if (kill) {
  clock.after(kill.atMs - fromMs, () => {
    process.send?.({ atMs: clock.now() });
    setTimeout(() => process.kill(process.pid, "SIGKILL"), kill.afterRealMs);
  });
}

let isOver = false;
const serving = app.serve({ configPath }, { drain: over.signal }).finally(() => (isOver = true));
await clock.advance(untilMs, () => isOver);
over.abort();
await serving;
tell();
await app.close();
process.disconnect?.();
