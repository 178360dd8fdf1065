/** What comes next: slots of schedules and tasks that wait for their time. */
import type { ComingSlot, ComingTask, Overview } from "../../orchestration/index.ts";
import { counted } from "../figures.ts";
import { printable } from "../printable.ts";
import { dayAndTime, timeLeft } from "../time-words.ts";
import type { SummaryOptions } from "./summary.ts";
import { table } from "./table.ts";
import { zoneOfRun, type Zones } from "./zones.ts";

interface Told extends SummaryOptions {
  readonly now: Date;
  readonly zones: Zones;
}

interface Row {
  readonly startAt: string;
  readonly cells: readonly [left: string, at: string, what: string, of: string];
}

/** Lines of a table with all that comes, soonest first; none when nothing does. */
export function comingTable(
  { comingTasks, comingSlots, workflows }: Overview,
  options: Told & { readonly max: number },
): string[] {
  const { style, width, max, zones } = options;
  const zoneOf = new Map(workflows.map(({ run }) => [run.runId, zoneOfRun(run, zones)]));
  const rows = [
    ...slotRows(comingSlots, options).map(({ startAt, cells: [left, at, name, of] }) => ({
      startAt,
      cells: [left, at, `schedule ${name}`, of],
    })),
    ...sameTasks(comingTasks).map((same) => taskRow(same, zoneOf.get(same.task.runId), options)),
  ].toSorted((a, b) => Date.parse(a.startAt) - Date.parse(b.startAt));
  if (rows.length === 0) return [];
  const head = ["in", "at", "what", "of"];
  const cells = rows.slice(0, max).map((row) => row.cells);
  const rest = rows.length - cells.length;
  return [
    ...table({ head, cut: [2, 3] }, cells, style, width),
    ...(rest > 0 ? [`and ${counted(rest, "more", "more")}`] : []),
  ];
}

/** Lines of `schedule next`. */
export function slotTable(slots: readonly ComingSlot[], options: Told): string[] {
  if (slots.length === 0) return ["No slot comes: no schedule is active, or none has slots left."];
  const rows = slotRows(slots, options).map(({ cells }) => cells);
  const head = ["in", "at", "schedule", "runs"];
  return table({ head, cut: [2, 3] }, rows, options.style, options.width);
}

function slotRows(slots: readonly ComingSlot[], { now, zones }: Told): Row[] {
  return slots.map((slot) => {
    const { schedule, startAt } = slot;
    const at = dayAndTime(startAt, now, zones.get(schedule));
    return { startAt, cells: [timeLeft(startAt, now), at, printable(schedule), whatRuns(slot)] };
  });
}

function whatRuns({ workflow, task, accounts }: ComingSlot): string {
  const what = task === null ? "" : `task ${printable(task)} of `;
  return `${what}workflow ${printable(workflow)} for ${namesOf(accounts)}`;
}

/** A task at a time, of all accounts whose it is then. */
interface SameTask {
  readonly task: ComingTask;
  readonly accounts: string[];
}

/** The same task of several accounts at the same time is told once. */
function sameTasks(tasks: readonly ComingTask[]): readonly SameTask[] {
  const groups = new Map<string, SameTask>();
  for (const task of tasks) {
    const key = JSON.stringify([task.runId, task.task, task.startAt, task.reason]);
    const group = groups.get(key);
    if (group) group.accounts.push(task.account);
    else groups.set(key, { task, accounts: [task.account] });
  }
  return [...groups.values()];
}

function taskRow(
  { task: of, accounts }: SameTask,
  timeZone: string | undefined,
  { now }: Told,
): Row {
  const { task, startAt, reason, runId } = of;
  const why = reason === "its time" ? "" : `, ${reason}`;
  return {
    startAt,
    cells: [
      timeLeft(startAt, now),
      dayAndTime(startAt, now, timeZone),
      `task ${printable(task)}${why}`,
      `run ${runId} for ${namesOf(accounts)}`,
    ],
  };
}

/** Accounts by name, or how many they are. */
export function namesOf(accounts: readonly string[]): string {
  return accounts.length <= 3 ? accounts.join(", ") : counted(accounts.length, "account");
}
