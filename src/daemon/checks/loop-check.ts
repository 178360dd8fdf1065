import type { HealthCheck } from "../../orchestration/index.ts";

const SLOW_MS = 2_000;

/** Whether the process comes to its work in time. */
export function loopCheck(longestDelayMs: number): HealthCheck {
  const text = `The longest delay since the last beat was ${Math.round(longestDelayMs)} ms.`;
  if (longestDelayMs <= SLOW_MS) return { name: "loop", level: "ok", text, remedy: null };
  const remedy = "The machine is overloaded, or a module computes without a pause.";
  return { name: "loop", level: "warning", text, remedy };
}
