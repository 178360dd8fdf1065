import { TaskStatus } from "../../orchestration/index.ts";
import { round } from "../charts/index.ts";
import { type Html, html, Html as Markup } from "../markup/index.ts";
import { type Layout, layered, type PlacedBox, type Point } from "./layered-layout.ts";
import { GRAPH_STYLE } from "./graph-style.ts";
import { statusClass, STATUS_WORDS } from "./status-looks.ts";
import { fitted, textWidth } from "./text-width.ts";
import type { DrawnTask, DrawnWorkflow } from "./workflow-model.ts";

/** Sizes in pixels. */
const NAME = 13;
const NOTE = 11;
/** How much wider bold text is. */
const BOLD = 1.16;
const LINE = 16;
const PADDING = 14;
const MARGIN = 16;
const LEAST = 84;
const WIDEST = 260;
/** Length of an arrow's head. */
const HEAD = 8;

/** The workflow as a picture of its own: a file that any browser shows, light or dark. */
export function drawSvg(workflow: DrawnWorkflow): string {
  const style = new Markup(`<style>:root{color-scheme:light dark}${GRAPH_STYLE}</style>`);
  return `${picture(workflow, style).text}\n`;
}

/** The workflow as a picture within a page, which has to hold {@link GRAPH_STYLE}. */
export function drawInline(workflow: DrawnWorkflow): Html {
  return picture(workflow, new Markup(""));
}

function picture(workflow: DrawnWorkflow, style: Html): Html {
  const drawing = drawn(workflow);
  const legend = legendOf(workflow);
  const width = round(Math.max(drawing.width, legend.width) + MARGIN * 2);
  const height = round(drawing.height + legend.height + MARGIN * 2);
  const count = workflow.tasks.length;
  const label = `Workflow ${workflow.name}: ${count} ${count === 1 ? "task" : "tasks"}`;
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    class="wf"
    role="group"
    aria-label="${label}"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    font-family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', Helvetica, Arial, sans-serif"
  >
    <title>${label}</title>
    ${style}
    <rect class="wf-ground" width="${width}" height="${height}" fill="#ffffff" />
    <g transform="translate(${MARGIN} ${MARGIN})">${drawing.shapes}</g>
    <g transform="translate(${MARGIN} ${round(drawing.height + MARGIN)})">${legend.shapes}</g>
  </svg>`;
}

interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: Html;
}

/** One box and how it is filled. */
interface Box {
  readonly task: DrawnTask;
  readonly lines: readonly string[];
  readonly inner: Drawing | undefined;
  readonly width: number;
  readonly height: number;
}

function drawn({ tasks, edges }: DrawnWorkflow): Drawing {
  const boxes = tasks.map(boxOf);
  const layout = layered(
    boxes,
    edges.map(({ from, to }) => [from.index, to.index] as const),
    tasks.map(({ wave }) => wave),
  );
  const arrows = edges.map(({ from, to }, i) =>
    arrow(layout.boxes[from.index], layout.boxes[to.index], layout.bends[i] ?? []),
  );
  const shapes = boxes.map((box, i) => shape(box, layout.boxes[i], layout));
  return {
    width: layout.width,
    height: layout.height,
    shapes: html`<g class="wf-edges" fill="none" stroke="currentColor">${arrows}</g>${shapes}`,
  };
}

function boxOf(task: DrawnTask): Box {
  const lines = [
    `${task.kind}${task.nested === undefined ? "" : ` ${task.nested.name}`}${statusText(task)}`,
    ...(task.unusual ? [`trigger: ${task.trigger}`] : []),
  ];
  const widths = [textWidth(task.id, NAME) * BOLD, ...lines.map((line) => textWidth(line, NOTE))];
  const text = Math.min(WIDEST, Math.max(LEAST, ...widths) + PADDING * 2);
  const height = NAME + lines.length * LINE + PADDING + 2;
  const inner = task.nested && drawn(task.nested);
  return inner === undefined
    ? { task, lines, inner, width: text, height }
    : {
        task,
        lines,
        inner,
        width: Math.max(text, inner.width + PADDING * 2),
        height: height + inner.height + PADDING,
      };
}

function statusText({ status }: DrawnTask): string {
  return status === undefined ? "" : ` · ${STATUS_WORDS[status]}`;
}

/** A box with its text; in a cluster the text stands at the left, above what it holds. */
function shape(
  { task, lines, inner, width, height }: Box,
  at: PlacedBox | undefined,
  of: Layout,
): Html {
  const left = round((at?.x ?? of.width / 2) - width / 2);
  const top = round((at?.y ?? of.height / 2) - height / 2);
  const room = width - PADDING * 2 + 6;
  const x = inner === undefined ? round(width / 2) : PADDING;
  const anchor = inner === undefined ? "middle" : "start";
  const notes = lines.map(
    (line, i) =>
      html`<text
        class="wf-note"
        x="${x}"
        y="${NAME + LINE * (i + 1) + 8}"
        text-anchor="${anchor}"
        font-size="${NOTE}"
        fill="#525c69"
        >${fitted(line, NOTE, room)}</text
      >`,
  );
  const within =
    inner === undefined
      ? ""
      : html`<g
          transform="translate(${round((width - inner.width) / 2)} ${round(height - inner.height - PADDING)})"
          >${inner.shapes}</g
        >`;
  return html`<g
    class="${classesOf(task)}"
    role="${inner === undefined ? "img" : "group"}"
    aria-label="${said(task)}"
    transform="translate(${left} ${top})"
    ><title>${said(task)}</title
    ><rect
      class="wf-box"
      width="${round(width)}"
      height="${round(height)}"
      rx="8"
      fill="${inner === undefined ? "#f4f6f9" : "none"}"
      stroke="#8a95a5"
      stroke-width="${task.critical ? 3 : 1.25}"
    /><text
      class="wf-name"
      x="${x}"
      y="${NAME + 8}"
      text-anchor="${anchor}"
      font-size="${NAME}"
      font-weight="600"
      fill="#1a1f27"
      >${fitted(task.id, NAME * BOLD, room)}</text
    >${notes}${within}</g
  >`;
}

function classesOf({ status, nested }: DrawnTask): string {
  const looks = status === undefined ? "" : ` wf-${statusClass(status)}`;
  return `${nested === undefined ? "wf-task" : "wf-cluster"}${looks}`;
}

/** All that the box tells, in words. */
function said(task: DrawnTask): string {
  const parts = [
    `${task.id} (${task.kind}${task.nested === undefined ? "" : ` ${task.nested.name}`})`,
    ...(task.dependsOn.length === 0 ? [] : [`after ${task.dependsOn.join(", ")}`]),
    ...(task.unusual ? [`trigger: ${task.trigger}`] : []),
    ...(task.critical ? ["critical"] : []),
    ...(task.status === undefined ? [] : [STATUS_WORDS[task.status]]),
  ];
  return parts.join("; ");
}

/** From the right side of one box to the left side of the other, level at both and at every bend. */
function arrow(
  from: PlacedBox | undefined,
  to: PlacedBox | undefined,
  bends: readonly Point[],
): Html {
  if (from === undefined || to === undefined) return html``;
  const start = { x: from.x + from.width / 2, y: from.y };
  const tip = { x: to.x - to.width / 2, y: to.y };
  const points = [start, ...bends, { x: tip.x - HEAD + 1, y: tip.y }];
  const path = points.map(({ x, y }, i) => {
    if (i === 0) return `M${round(x)} ${round(y)}`;
    const before = points[i - 1] ?? start;
    if (Math.abs(before.y - y) < 0.5) return `L${round(x)} ${round(y)}`;
    const middle = round((before.x + x) / 2);
    return `C${middle} ${round(before.y)} ${middle} ${round(y)} ${round(x)} ${round(y)}`;
  });
  const [x, y] = [round(tip.x), round(tip.y)];
  const back = round(tip.x - HEAD);
  return html`<path d="${path.join("")}" /><path
      class="wf-head"
      fill="currentColor"
      stroke="none"
      d="M${x} ${y}L${back} ${round(y - 4)}V${round(y + 4)}Z"
    />`;
}

/** What borders mean, as far as it occurs in this drawing. */
function legendOf(workflow: DrawnWorkflow): Drawing {
  const all = [...workflow.tasks, ...workflow.tasks.flatMap(({ nested }) => nested?.tasks ?? [])];
  const present = new Set(all.map(({ status }) => status));
  const statuses = TaskStatus.options.filter((one) => present.has(one));
  const entries: { look: string; width: number; text: string }[] = [
    ...(all.some(({ critical }) => critical)
      ? [{ look: "", width: 3, text: "critical: its failure stops the workflow" }]
      : []),
    ...statuses.map((status) => ({
      look: ` wf-${statusClass(status)}`,
      width: 1.25,
      text: STATUS_WORDS[status],
    })),
  ];
  let left = 0;
  const shapes = entries.map(({ look, width, text }) => {
    const x = left;
    left = round(left + 26 + textWidth(text, NOTE) + 18);
    return html`<g class="wf-task${look}" transform="translate(${x} 20)"
      ><rect
        class="wf-box"
        x="1.5"
        y="1"
        width="18"
        height="12"
        rx="3"
        fill="#f4f6f9"
        stroke="#8a95a5"
        stroke-width="${width}"
      /><text class="wf-note" x="26" y="11" font-size="${NOTE}" fill="#525c69">${text}</text></g
    >`;
  });
  return {
    width: left,
    height: entries.length === 0 ? 0 : 34,
    shapes: entries.length === 0 ? html`` : html`<g class="wf-legend">${shapes}</g>`,
  };
}
