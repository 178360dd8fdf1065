import { STATUS_WORDS } from "./status-looks.ts";
import type { DrawnTask, DrawnWorkflow } from "./workflow-model.ts";

/** The workflow in Graphviz's language. */
export function drawDot(workflow: DrawnWorkflow): string {
  const lines = [
    `digraph ${quoted(workflow.name)} {`,
    "  rankdir=LR;",
    "  compound=true;",
    '  node [shape=box, style=rounded, fontname="Helvetica"];',
    '  edge [fontname="Helvetica", fontsize=10];',
    ...body(workflow, "", "  "),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function body(workflow: DrawnWorkflow, path: string, indent: string): string[] {
  return [
    ...workflow.tasks.flatMap((task) => node(task, path, indent)),
    ...workflow.edges.map(({ from, to }) => {
      const attributes = [
        ...(to.unusual ? [`label=${label(to.trigger)}`] : []),
        ...(from.nested === undefined ? [] : [`ltail=${cluster(from, path)}`]),
        ...(to.nested === undefined ? [] : [`lhead=${cluster(to, path)}`]),
      ];
      const suffix = attributes.length === 0 ? "" : ` [${attributes.join(", ")}]`;
      return `${indent}${quoted(end(from, path, -1))} -> ${quoted(end(to, path, 0))}${suffix};`;
    }),
  ];
}

function node(task: DrawnTask, path: string, indent: string): string[] {
  const second = [
    task.kind,
    ...(task.critical ? ["critical"] : []),
    ...(task.status === undefined ? [] : [STATUS_WORDS[task.status]]),
  ].join(" · ");
  const width = task.critical ? ["penwidth=3"] : [];
  if (task.nested === undefined) {
    const attributes = [`label=${label(`${task.id}\n${second}`)}`, ...width].join(", ");
    return [`${indent}${quoted(path + task.id)} [${attributes}];`];
  }
  const deeper = `${indent}  `;
  return [
    `${indent}subgraph ${cluster(task, path)} {`,
    `${deeper}label=${label(`${task.id}\n${second} ${task.nested.name}`)};`,
    `${deeper}style=rounded;`,
    ...width.map((attribute) => `${deeper}${attribute};`),
    // A cluster has to hold something for an edge to end at.
    ...(task.nested.tasks.length === 0
      ? [`${deeper}${quoted(path + task.id)} [style=invis];`]
      : body(task.nested, `${path}${task.id}/`, deeper)),
    `${indent}}`,
  ];
}

/** The node that an edge is tied to: Graphviz has no edges between clusters, it only cuts them there. */
function end(task: DrawnTask, path: string, at: 0 | -1): string {
  const inner = task.nested?.tasks.at(at);
  return inner === undefined ? path + task.id : `${path}${task.id}/${inner.id}`;
}

function cluster(task: DrawnTask, path: string): string {
  return quoted(`cluster_${path}${task.id}`);
}

/** A quoted name. Backslashes are doubled, as one before the closing quote would hide it. */
function quoted(from: string): string {
  const plain = from
    .replaceAll(/\p{Cs}|(?!\n)\p{Cc}/gu, "\uFFFD")
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"');
  return `"${plain.replaceAll("\n", "\\n")}"`;
}

/** A quoted label, in which Graphviz reads HTML's character references. */
function label(from: string): string {
  return quoted(from.replaceAll("&", "&amp;"));
}
