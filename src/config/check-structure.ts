/** Checks what tasks wait for. */
import { type Finding, findings } from "../orchestration/index.ts";
import type { SourceDocument } from "./document.ts";
import type { Path, Problem } from "./problems.ts";
import { textsOf, type WorkflowSource } from "./task-sources.ts";

/** Mistakes in the structure of one workflow, each at the dependency or trigger that it is about. */
export function structureProblems({ tasks }: WorkflowSource, source: SourceDocument): Problem[] {
  return findings(tasks).flatMap((finding) => {
    const task = tasks[finding.position];
    if (!task) return [];
    const below = placeOf(finding, task.entry["dependsOn"]);
    return [source.problem([...task.path, ...below], finding.text)];
  });
}

function placeOf({ code, index }: Finding, dependsOn: unknown): Path {
  if (code === "impossible-trigger") return ["trigger"];
  if (code === "duplicate-task") return [];
  // what is no text in the list is not counted
  const item = index === null ? undefined : textsOf(dependsOn)[index];
  return ["dependsOn", ...(item?.below ?? [])];
}
