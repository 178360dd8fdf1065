/** Paths of tasks: `id`, `outer/inner` within a nested workflow, `id/finally.1` for a step. */

const STEP = /\/(?:recover-\d+|onFailure|finally)\.\d+$/;

/** What is put before an id to name a neighbour of a task: "" or `outer/`. A step has its task's neighbours. */
export function scopeOf(path: string): string {
  const task = path.replace(STEP, "");
  return task.slice(0, task.lastIndexOf("/") + 1);
}

/** Whether it is a step of another task. */
export function isStep(path: string): boolean {
  return STEP.test(path);
}

/** Whether it is a task of the workflow itself: not of a nested one, no step. */
export function isTopLevel(path: string): boolean {
  return !path.includes("/");
}
