import type { GraphFormat, WorkflowDefinition } from "../../orchestration/index.ts";
import { drawDot } from "./draw-dot.ts";
import { drawJson } from "./draw-json.ts";
import { drawMermaid } from "./draw-mermaid.ts";
import { drawSvg } from "./draw-svg.ts";
import { type DrawingOptions, type DrawnWorkflow, workflowModel } from "./workflow-model.ts";

const FORMATS: Readonly<Record<GraphFormat, (workflow: DrawnWorkflow) => string>> = {
  mermaid: drawMermaid,
  dot: drawDot,
  json: drawJson,
  svg: drawSvg,
};

/**
 * A workflow as Mermaid, Graphviz, JSON or SVG text. Equal input, equal bytes. The workflow has
 * been checked: without cycles, every dependency known.
 */
export function drawWorkflow(
  workflow: WorkflowDefinition,
  format: GraphFormat,
  options: DrawingOptions = {},
): string {
  return FORMATS[format](workflowModel(workflow, options));
}
