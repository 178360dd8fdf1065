import type { HealthCheck } from "../../orchestration/index.ts";
import { bytesInWords } from "./words.ts";

/** From this share of the limit on it is told before it is too late. */
const EARLY = 0.8;

/** Whether the process takes more memory than it should; engines have processes and limits of their own. */
export function memoryCheck(rssBytes: number, limitBytes: number): HealthCheck {
  const text = `The service takes ${bytesInWords(rssBytes)}.`;
  if (rssBytes <= EARLY * limitBytes) return { name: "memory", level: "ok", text, remedy: null };
  return {
    name: "memory",
    level: rssBytes > limitBytes ? "failing" : "warning",
    text,
    remedy: `Restart it at a quiet time; the limit is ${bytesInWords(limitBytes)} (service.checks.memory).`,
  };
}
