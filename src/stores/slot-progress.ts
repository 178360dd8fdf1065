import { WranglerError } from "../core/index.ts";
import type { SlotRecord } from "../schedule/index.ts";
import type { RunStore } from "./runs.ts";
import type { SlotChange, SlotRows } from "./slot-rows.ts";
import type { SlotLedger, SlotUpkeep } from "./slot-ledger.ts";

const BROKEN_OFF = "its run was broken off before it began";
const SET_BACK = "the clock was set back";

interface Progress {
  readonly slots: SlotRows;
  readonly runs: RunStore;
  readonly asService: <T>(work: () => T) => T;
}

/** How slots go on from one status to the next. */
export function slotProgress({
  slots,
  runs,
  asService,
}: Progress): Pick<SlotLedger & SlotUpkeep, "start" | "settle" | "ended" | "reopen" | "unstart"> {
  const undecided = (schedule: string, dueAt: string): SlotRecord | undefined => {
    const slot = slots.get(schedule, dueAt);
    return slot?.status === "DUE" || slot?.status === "QUEUED" ? slot : undefined;
  };
  const change = (slot: SlotRecord, changes: Partial<SlotChange>): SlotRecord => {
    const changed = { ...slot, ...changes };
    slots.change(changed);
    return changed;
  };
  /** Many at once; without a transaction when there are none. */
  const changeAll = (found: () => SlotRecord[], changes: Partial<SlotChange>): SlotRecord[] =>
    found().length === 0 ? [] : asService(() => found().map((slot) => change(slot, changes)));

  return {
    start: (schedule, dueAt, run) =>
      asService(() => {
        const slot = undecided(schedule, dueAt);
        if (!slot) {
          const reason = `${schedule}, ${dueAt}: it is ${slots.get(schedule, dueAt)?.status ?? "not on record"}.`;
          throw new WranglerError("SLOT_TAKEN", reason, { schedule, dueAt });
        }
        runs.create(run);
        return change(slot, { status: "STARTED", runId: run.runId, at: run.startedAt });
      }),
    settle: ({ schedule, dueAt }, changes) =>
      asService(() => {
        const slot = undecided(schedule, dueAt);
        return slot && change(slot, changes);
      }),
    ended: (now) => changeAll(() => slots.over(), { status: "ENDED", at: now }),
    reopen: (now) =>
      changeAll(() => slots.ahead(now), { status: "DUE", reason: SET_BACK, at: now }),
    unstart: (slot, now, also) =>
      asService(() => {
        const again = { ...slot, status: "DUE", reason: BROKEN_OFF, runId: null, at: now } as const;
        slots.change(again);
        also();
        return again;
      }),
  };
}
