import { z } from "zod";
import { defineTaskKind } from "../kind.ts";

const WorkflowOptions = z.strictObject({
  workflow: z
    .string()
    .min(1)
    .describe("Name of another workflow of this file; its tasks run as part of this one."),
});
/** Its results are those of its tasks, by their names: known only when the other workflow is. */
export const workflow = defineTaskKind({
  name: "workflow",
  description: "Runs another workflow as a task of this one.",
  options: WorkflowOptions,
  waits: true,
  run: (context) => context.ports.workflow(context.options.workflow),
});
