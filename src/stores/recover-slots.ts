import type { SlotRecord } from "../schedule/index.ts";
import { clearRun, type PruneDeps, takeUnlessBusy } from "./prune.ts";

/**
 * Slots whose run was broken off between its record and its beginning are due again, and the run is
 * forgotten. Its files go first and its record with the slot: one that is killed meanwhile is
 * finished by the next.
 */
export function recoverSlots(deps: PruneDeps, now: string, only?: string): SlotRecord[] {
  const { slots, runs, leases } = deps.runFile;
  return slots.unbegun().flatMap((slot) => {
    const { runId } = slot;
    if (runId === null || (only !== undefined && runId !== only)) return [];
    const token = takeUnlessBusy(deps.runFile, runId);
    if (token === undefined) return [];
    try {
      const run = runs.get(runId);
      // It may have begun before we held it.
      if (run?.status !== "IDLE") return [];
      clearRun(deps, run);
      return [slots.unstart(slot, now, () => deps.runFile.deleteRun(runId))];
    } finally {
      leases.release(runId, token);
    }
  });
}
