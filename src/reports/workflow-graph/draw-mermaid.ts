import { PALETTE } from "../palette.ts";
import { STATUS_LOOKS, STATUS_WORDS } from "./status-looks.ts";
import type { DrawnTask, DrawnWorkflow } from "./workflow-model.ts";

/** The workflow as a Mermaid flowchart. */
export function drawMermaid(workflow: DrawnWorkflow): string {
  const lines = [...body(workflow, "t", "  "), ...classes(workflow)];
  return `graph LR\n${lines.map((line) => `${line}\n`).join("")}`;
}

function body(workflow: DrawnWorkflow, prefix: string, indent: string): string[] {
  return [
    ...workflow.tasks.flatMap((task) => node(task, prefix, indent)),
    ...workflow.edges.map(({ from, to }) => {
      const label = to.unusual ? `|"${text(to.trigger)}"|` : "";
      return `${indent}${nameOf(from, prefix)} -->${label} ${nameOf(to, prefix)}`;
    }),
  ];
}

function node(task: DrawnTask, prefix: string, indent: string): string[] {
  const name = nameOf(task, prefix);
  const status = task.status === undefined ? "" : ` · ${STATUS_WORDS[task.status]}`;
  const mark = task.critical ? " · critical" : "";
  if (task.nested === undefined) {
    return [`${indent}${name}("${text(task.id)}<br/>${text(task.kind)}${mark}${status}")`];
  }
  const title = `${text(task.id)} · ${text(task.kind)} ${text(task.nested.name)}${mark}${status}`;
  return [
    `${indent}subgraph ${name}["${title}"]`,
    ...body(task.nested, `${name}_`, `${indent}  `),
    `${indent}end`,
  ];
}

/**
 * A name that Mermaid takes for nothing else (`end`, `default`, `style` are words of its language),
 * and that still tells the task.
 */
function nameOf({ id, index }: DrawnTask, prefix: string): string {
  return `${prefix}${index}_${id.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
}

/** All that could mean something to Mermaid or HTML becomes a character reference of Mermaid's. */
function text(from: string): string {
  return from
    .replaceAll(/\p{Cs}/gu, "\uFFFD")
    .replaceAll(/[^\p{L}\p{M}\p{N} _.-]/gu, (character) => `#${character.codePointAt(0)};`);
}

/** Each class with its members, where it has any. */
function classes(workflow: DrawnWorkflow): string[] {
  const members = new Map<string, string[]>();
  collect(workflow, "t", members);
  return [...members].flatMap(([style, names]) => [
    `  classDef ${style} ${STYLES[style] ?? ""}`,
    `  class ${names.join(",")} ${style}`,
  ]);
}

function collect(workflow: DrawnWorkflow, prefix: string, members: Map<string, string[]>): void {
  for (const task of workflow.tasks) {
    const name = nameOf(task, prefix);
    const own = [
      ...(task.critical ? ["critical"] : []),
      ...(task.status === undefined ? [] : [task.status.toLowerCase()]),
    ];
    for (const style of own) {
      const names = members.get(style);
      if (names === undefined) members.set(style, [name]);
      else names.push(name);
    }
    if (task.nested !== undefined) collect(task.nested, `${name}_`, members);
  }
}

/** Borders only: the text keeps the colours of the reader's theme. */
const STYLES: Readonly<Record<string, string>> = {
  critical: "stroke-width:4px",
  ...Object.fromEntries(
    Object.entries(STATUS_LOOKS).map(([status, { role, dash }]) => [
      status.toLowerCase(),
      `stroke:${PALETTE.light[role]}${dash ? ",stroke-dasharray:4 3" : ""}`,
    ]),
  ),
};
