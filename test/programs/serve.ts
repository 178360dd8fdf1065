/**
 * A service in a process of its own: SIGTERM drains it, SIGHUP has it read its configuration anew. It
 * sends each notice, and kills itself at a named point if it is told to. With `fromMs` its clock is a
 * simulated one that ends it at `untilMs`.
 */
import { createApp } from "../../src/app.ts";
import { isWranglerError, type SimulatedClock, simulatedClock } from "../../src/core/index.ts";
import type { ProgressEvent, ServiceNotice } from "../../src/orchestration/index.ts";

interface Order {
  readonly configPath: string;
  readonly checkpointsFolder: string;
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** A notice or event, such as `slot STARTED`, `task-started` or `run-ended`. */
  readonly killAt?: string;
}

const order: Order = JSON.parse(process.argv[2] ?? "{}");
const { configPath, checkpointsFolder, fromMs, untilMs = 0, killAt } = order;
const clock: SimulatedClock | undefined = fromMs === undefined ? undefined : simulatedClock(fromMs);
const app = createApp({ checkpointsFolder, ...(clock ? { clock } : {}) });
const drain = new AbortController();
process.on("SIGTERM", () => drain.abort());

function pass(point: string): void {
  if (point === killAt) process.kill(process.pid, "SIGKILL");
}

function pointOf(told: ServiceNotice | ProgressEvent): string {
  return told.type === "slot" ? `slot ${told.slot.status}` : told.type;
}

let isOver = false;
const serving = app
  .serve(
    { configPath },
    {
      drain: drain.signal,
      onNotice(notice) {
        process.send?.(notice);
        pass(pointOf(notice));
      },
      onEvent: (event) => pass(pointOf(event)),
      onReload(reload) {
        process.on("SIGHUP", reload);
        return () => process.off("SIGHUP", reload);
      },
    },
  )
  .finally(() => (isOver = true));
if (clock) {
  await clock.advance(untilMs, () => isOver);
  drain.abort();
}
try {
  process.send?.(await serving);
} catch (error) {
  process.send?.({ failed: isWranglerError(error) ? error.code : String(error) });
  process.exitCode = 1;
}
await app.close();
process.disconnect?.();
