import type { HealthCheck } from "../../orchestration/index.ts";

/** A beat that takes longer is told. */
const SLOW_MS = 2_000;

/** The last heartbeat: how long it took to be on disk, or why it is not. */
export type StoreBeat = { readonly tookMs: number } | { readonly error: string };

/** Whether the store takes what is written to it. */
export function storeCheck(beat: StoreBeat): HealthCheck {
  const name = "store";
  if ("error" in beat) {
    return {
      name,
      level: "failing",
      text: `Nothing can be written: ${beat.error}`,
      remedy: "Check disk, permissions and who else uses the folder of checkpoints.",
    };
  }
  const tookMs = Math.round(beat.tookMs);
  if (beat.tookMs <= SLOW_MS) {
    return { name, level: "ok", text: `A write took ${tookMs} ms.`, remedy: null };
  }
  return {
    name,
    level: "warning",
    text: `A write took ${tookMs} ms.`,
    remedy: "Something slows the disk of checkpoints down; see what else writes to it.",
  };
}
