/** Drawings of workflows: Mermaid, Graphviz, JSON, SVG. */
export { drawInline } from "./draw-svg.ts";
export { drawWorkflow } from "./draw-workflow.ts";
export { GRAPH_STYLE } from "./graph-style.ts";
export { STATUS_WORDS } from "./status-looks.ts";
export { fitted, textWidth } from "./text-width.ts";
export { type DrawingOptions, workflowModel } from "./workflow-model.ts";
