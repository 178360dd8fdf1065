import type { SlotRecord } from "../../src/schedule/index.ts";

/** A slot of 09:30 in Berlin that has just come. */
export function slotRecord(over: Partial<SlotRecord> = {}): SlotRecord {
  return {
    schedule: "daily",
    dueAt: "2026-03-02T08:30:00.000Z",
    startAt: "2026-03-02T08:30:00.000Z",
    status: "DUE",
    reason: null,
    runId: null,
    at: "2026-03-02T08:30:00.000Z",
    ...over,
  };
}
