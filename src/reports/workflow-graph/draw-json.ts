import type { DrawnTask, DrawnWorkflow } from "./workflow-model.ts";

/** The workflow as JSON: tasks in the order of the file, keys always in the same order. */
export function drawJson(workflow: DrawnWorkflow): string {
  return `${JSON.stringify(workflowJson(workflow), null, 2)}\n`;
}

function workflowJson({ name, tasks, edges }: DrawnWorkflow): object {
  return {
    workflow: name,
    tasks: tasks.map(taskJson),
    edges: edges.map(({ from, to }) => [from.id, to.id]),
  };
}

function taskJson(task: DrawnTask): object {
  const { id, kind, dependsOn, trigger, critical, wave, status, nested } = task;
  return {
    id,
    kind,
    dependsOn,
    trigger,
    critical,
    wave,
    ...(status !== undefined && { status }),
    ...(nested !== undefined && { nested: workflowJson(nested) }),
  };
}
