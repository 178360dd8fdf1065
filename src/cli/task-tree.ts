/** Tasks that lie in others: `outer/inner` of a nested workflow, `task/finally.1` of its steps. */

export interface Placed {
  readonly task: string;
  /** How many tasks it lies in. */
  readonly depth: number;
  /** Its name within the task that it lies in. */
  readonly name: string;
}

/** The nearest known task that this one lies in; undefined for one of the workflow's own. */
export function parentOf(task: string, known: { has(task: string): boolean }): string | undefined {
  for (let end = task.lastIndexOf("/"); end > 0; end = task.lastIndexOf("/", end - 1)) {
    const outer = task.slice(0, end);
    if (known.has(outer)) return outer;
  }
  return undefined;
}

/** All tasks in their order, what lies in one right after it. */
export function treeOf(tasks: readonly string[]): Placed[] {
  const known = new Set(tasks);
  const inside = new Map<string | undefined, string[]>();
  for (const task of tasks) {
    const parent = parentOf(task, known);
    const siblings = inside.get(parent);
    if (siblings) siblings.push(task);
    else inside.set(parent, [task]);
  }
  const placed: Placed[] = [];
  const place = (parent: string | undefined, depth: number): void => {
    for (const task of inside.get(parent) ?? []) {
      const name = parent === undefined ? task : task.slice(parent.length + 1);
      placed.push({ task, depth, name });
      place(task, depth + 1);
    }
  };
  place(undefined, 0);
  return placed;
}
