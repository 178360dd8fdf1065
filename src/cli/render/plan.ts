/** What a run would do. */
import type { PlanReport, TaskPlan } from "../../orchestration/index.ts";
import { count, counted, duration } from "../figures.ts";
import { printable } from "../printable.ts";
import type { SummaryOptions } from "./summary.ts";
import { table } from "./table.ts";

type AccountPlan = PlanReport["accounts"][number];

/** Lines of `run --dry-run`: the tasks by wave; accounts with the same plan share it. */
export function planLines({ workflow, accounts }: PlanReport, options: SummaryOptions): string[] {
  const groups = new Map<string, { plan: AccountPlan; names: string[] }>();
  for (const plan of accounts) {
    const key = JSON.stringify([plan.tasks, plan.expectedMs]);
    const group = groups.get(key);
    if (group) group.names.push(plan.account);
    else groups.set(key, { plan, names: [plan.account] });
  }
  return [...groups.values()].flatMap(({ plan, names }, i) => {
    const lines = groupLines(
      `workflow ${printable(workflow)} for ${names.join(", ")}`,
      plan,
      options,
    );
    return i === 0 ? lines : [""].concat(lines);
  });
}

function groupLines(
  title: string,
  { tasks, expectedMs }: AccountPlan,
  { style, width }: SummaryOptions,
): string[] {
  const waves = new Set(tasks.map(({ wave }) => wave)).size;
  const time = expectedMs === null ? "" : `, about ${duration(expectedMs)}`;
  const head = ["wave", "", "task", "kind", "depends on", "trigger", "expected", "note"];
  const ordered = tasks.toSorted((a, b) => a.wave - b.wave);
  const rows = ordered.map((task, i) => cellsOf(task, ordered[i - 1]?.wave !== task.wave));
  return [
    `${title}: ${counted(tasks.length, "task")} in ${counted(waves, "wave")}${time}`,
    "",
    ...table({ head, right: [0, 6], cut: [2, 4, 7] }, rows, style, width),
    ...(tasks.some((task) => task.onCriticalPath) ? ["", "* on the longest path"] : []),
  ];
}

function cellsOf(task: TaskPlan, first: boolean): string[] {
  const notes = [
    ...(task.critical ? ["critical"] : []),
    ...(task.takenFrom === null ? [] : [`taken over from run ${task.takenFrom}`]),
  ];
  return [
    first ? count(task.wave + 1) : "",
    task.onCriticalPath ? "*" : "",
    printable(task.task),
    task.kind,
    printable(task.dependsOn.join(", ")),
    task.dependsOn.length === 0 ? "" : task.trigger,
    task.expectedMs === null ? "" : duration(task.expectedMs),
    notes.join(", "),
  ];
}
