import type { TaskDefinition, TaskStatus, WorkflowDefinition } from "../../orchestration/index.ts";

/** A task as drawn. */
export interface DrawnTask {
  readonly id: string;
  readonly kind: string;
  /** Position in the file, from 0. */
  readonly index: number;
  readonly dependsOn: readonly string[];
  /** The rule's name, or `at least K`. */
  readonly trigger: string;
  /** Whether the rule is another than `all_success`, so that the drawing must tell it. */
  readonly unusual: boolean;
  readonly critical: boolean;
  /** Earliest round of work it can be in, from 0: the longest path to it in edges. */
  readonly wave: number;
  readonly status: TaskStatus | undefined;
  /** The workflow that it runs, when that is to be drawn in its place. */
  readonly nested: DrawnWorkflow | undefined;
}

/** A dependency: `to` waits for `from`. */
export interface DrawnEdge {
  readonly from: DrawnTask;
  readonly to: DrawnTask;
}

/** A workflow with all that every format draws of it. */
export interface DrawnWorkflow {
  readonly name: string;
  readonly tasks: readonly DrawnTask[];
  /** By the task that waits, in the order of the file. */
  readonly edges: readonly DrawnEdge[];
}

/** What is drawn besides the workflow itself. */
export interface DrawingOptions {
  /** Statuses by task path: `outer/inner` for a task of a nested workflow. */
  readonly statuses?: ReadonlyMap<string, TaskStatus>;
  /** Workflows that tasks of kind `workflow` run, by the task's id; each is drawn in its task's place. */
  readonly nested?: ReadonlyMap<string, WorkflowDefinition>;
}

/** Gather what is drawn. The workflow has been checked: without cycles, every dependency known. */
export function workflowModel(
  workflow: WorkflowDefinition,
  { statuses, nested }: DrawingOptions = {},
  path = "",
): DrawnWorkflow {
  const waves = wavesOf(workflow.tasks);
  const tasks = workflow.tasks.map((task, index): DrawnTask => {
    const inner = task.kind === "workflow" ? nested?.get(task.id) : undefined;
    const below = statuses === undefined ? {} : { statuses };
    return {
      id: task.id,
      kind: task.kind,
      index,
      dependsOn: task.dependsOn,
      trigger: triggerText(task),
      unusual: task.trigger !== "all_success",
      critical: task.critical,
      wave: waves.get(task.id) ?? 0,
      status: statuses?.get(path + task.id),
      nested: inner && workflowModel(inner, below, `${path}${task.id}/`),
    };
  });
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const edges = tasks.flatMap((to) =>
    to.dependsOn.flatMap((id) => {
      const from = byId.get(id);
      return from === undefined ? [] : [{ from, to }];
    }),
  );
  return { name: workflow.name, tasks, edges };
}

function triggerText({ trigger }: TaskDefinition): string {
  return typeof trigger === "string" ? trigger : `at least ${trigger.atLeast}`;
}

/** Longest path to each task in edges, by Kahn's algorithm: linear in tasks and dependencies. */
function wavesOf(tasks: readonly TaskDefinition[]): Map<string, number> {
  const waves = new Map(tasks.map(({ id }) => [id, 0]));
  const after = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const { id, dependsOn } of tasks) {
    const known = dependsOn.filter((other) => waves.has(other));
    open.set(id, known.length);
    for (const other of known) {
      const list = after.get(other);
      if (list === undefined) after.set(other, [id]);
      else list.push(id);
    }
  }
  const ready = tasks.map(({ id }) => id).filter((id) => open.get(id) === 0);
  // Grows while it is walked: a task is added once all that it waits for has been visited.
  for (const id of ready) {
    const next = (waves.get(id) ?? 0) + 1;
    for (const later of after.get(id) ?? []) {
      waves.set(later, Math.max(waves.get(later) ?? 0, next));
      const left = (open.get(later) ?? 0) - 1;
      open.set(later, left);
      if (left === 0) ready.push(later);
    }
  }
  return waves;
}
