import type { Decision, SlotRecord } from "../schedule/index.ts";
import { type Connection, transact } from "./database.ts";
import type { RunStore } from "./runs.ts";
import { ScheduleRows } from "./schedule-rows.ts";
import type { SlotLedger, SlotUpkeep } from "./slot-ledger.ts";
import { slotProgress } from "./slot-progress.ts";
import { SlotRows } from "./slot-rows.ts";

interface LedgerDeps {
  readonly database: Connection;
  readonly runs: RunStore;
  /** Refuses when another process is the service. */
  readonly checkService: () => void;
}

const DROPPED = "the schedule is not in the configuration any more";

export function slotLedger({ database, runs, checkService }: LedgerDeps): SlotLedger & SlotUpkeep {
  const schedules = new ScheduleRows(database);
  const slots = new SlotRows(database);
  const inTransaction = <T>(work: () => T): T => transact(database, work);
  /** What only the service does. */
  const asService = <T>(work: () => T): T =>
    inTransaction(() => {
      checkService();
      return work();
    });
  const add = (schedule: string, decisions: readonly Decision[], at: string): SlotRecord[] =>
    decisions
      .map((decision) => ({ schedule, ...decision, runId: null, at }))
      .filter((slot) => slots.add(slot));

  return {
    schedules: () => schedules.all(),
    schedule: (name) => schedules.get(name),
    register: (definitions, configPath, now) =>
      asService(() => {
        const names = new Set(definitions.map(({ name }) => name));
        for (const name of schedules.names()) {
          if (!names.has(name)) schedules.drop(name);
        }
        for (const slot of slots.pending()) {
          if (names.has(slot.schedule) || slot.status === "STARTED") continue;
          slots.change({ ...slot, status: "SKIPPED", reason: DROPPED, at: now });
        }
        for (const definition of definitions) schedules.put(definition, configPath, now);
      }),
    ...pauses({ schedules, add, inTransaction }),
    record: (schedule, decisions, upTo, now) =>
      asService(() => {
        const added = add(schedule, decisions, now);
        schedules.decided(schedule, upTo);
        return added;
      }),
    ...slotProgress({ slots, runs, asService }),
    pending: () => slots.pending(),
    of: (schedule, limit) => slots.of(schedule, limit),
    since: (dueAt) => slots.since(dueAt),
    unbegun: () => slots.unbegun(),
    forget: (before, keepSlots) => inTransaction(() => slots.forget(before, keepSlots)),
  };
}

interface Pauses {
  readonly schedules: ScheduleRows;
  readonly add: (schedule: string, decisions: readonly Decision[], at: string) => SlotRecord[];
  readonly inTransaction: <T>(work: () => T) => T;
}

/** What people do to schedules, from whatever process. */
function pauses({
  schedules,
  add,
  inTransaction,
}: Pauses): Pick<SlotLedger, "add" | "pause" | "resume"> {
  return {
    add: (definition, configPath, now) =>
      inTransaction(() => {
        if (!schedules.names().includes(definition.name)) {
          schedules.put(definition, configPath, now);
        }
      }),
    pause: (name, now) =>
      inTransaction(() => {
        const { pausedAt } = schedules.get(name);
        schedules.setPaused(name, pausedAt ?? now);
        return schedules.get(name);
      }),
    resume: (name, decisions, now) =>
      inTransaction(() => {
        schedules.get(name);
        add(name, decisions, now);
        schedules.setPaused(name, null);
        schedules.decideAnew(name, now);
        return schedules.get(name);
      }),
  };
}
