import { Graph, layout } from "@dagrejs/dagre";

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box by its centre. */
export interface PlacedBox extends Size, Point {}

/** Where everything stands, in pixels from the left upper corner. */
export interface Layout extends Size {
  /** In the order of the sizes given. */
  readonly boxes: readonly PlacedBox[];
  /** Points between the two boxes of each edge, in the order of the edges; empty for a straight way. */
  readonly bends: readonly (readonly Point[])[];
}

/** An edge by the positions of its boxes. */
export type EdgeEnds = readonly [from: number, to: number];

/** What is used of dagre: its declarations do not resolve under Node's module resolution. */
interface DagreGraph {
  setGraph(label: object): unknown;
  setNode(name: string, label: object): unknown;
  setEdge(from: string, to: string, label: object): unknown;
  graph(): Partial<Size>;
  node(name: string): Point;
  edge(from: string, to: string): { readonly points?: readonly Point[] };
}

const BETWEEN_ROWS = 18;
const BETWEEN_COLUMNS = 48;
/** Sizes up to which dagre is quick: about a second for the largest. */
const DAGRE_BOXES = 300;
const DAGRE_EDGES = 900;

/**
 * Boxes in columns from left to right, each right of all that it depends on. Up to a few hundred
 * boxes are arranged for few crossings (dagre: Gansner et al., "A Technique for Drawing Directed
 * Graphs", 1993); more stand in the order given, a column for each wave.
 */
export function layered(
  sizes: readonly Size[],
  edges: readonly EdgeEnds[],
  waves: readonly number[],
): Layout {
  const many = sizes.length > DAGRE_BOXES || edges.length > DAGRE_EDGES;
  return many ? inColumns(sizes, edges, waves) : arranged(sizes, edges);
}

function arranged(sizes: readonly Size[], edges: readonly EdgeEnds[]): Layout {
  const graph: DagreGraph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "LR", nodesep: BETWEEN_ROWS, edgesep: 12, ranksep: BETWEEN_COLUMNS });
  // Names of our own: a task may be called `__proto__`, or `10`, which objects sort before others.
  for (const [i, { width, height }] of sizes.entries()) graph.setNode(`n${i}`, { width, height });
  for (const [from, to] of edges) graph.setEdge(`n${from}`, `n${to}`, {});
  layout(graph);
  const boxes = sizes.map(({ width, height }, i) => {
    const { x, y } = graph.node(`n${i}`);
    return { x, y, width, height };
  });
  const widest = columnWidths(boxes);
  const { width = 0, height = 0 } = sizes.length === 0 ? {} : graph.graph();
  return {
    width,
    height,
    boxes,
    bends: edges.map(([from, to]) => {
      const points = (graph.edge(`n${from}`, `n${to}`).points ?? []).slice(1, -1);
      return aroundColumns([boxes[from], ...points, boxes[to]], widest).slice(1, -1);
    }),
  };
}

/** Width of each column by its middle. */
function columnWidths(boxes: readonly PlacedBox[]): Map<number, number> {
  const widths = new Map<number, number>();
  for (const { x, width } of boxes) {
    const middle = Math.round(x);
    widths.set(middle, Math.max(widths.get(middle) ?? 0, width));
  }
  return widths;
}

/** An edge crosses its own columns and those between level, so that it cuts no corner of a box there. */
function aroundColumns(
  points: readonly (Point | undefined)[],
  widest: ReadonlyMap<number, number>,
): Point[] {
  return points.flatMap((point) => {
    if (point === undefined) return [];
    const { x, y } = point;
    const width = widest.get(Math.round(x));
    if (width === undefined) return [];
    return [
      { x: x - width / 2, y },
      { x: x + width / 2, y },
    ];
  });
}

function inColumns(
  sizes: readonly Size[],
  edges: readonly EdgeEnds[],
  waves: readonly number[],
): Layout {
  const columns: number[][] = [];
  for (const [i, wave] of waves.entries()) {
    columns[wave] ??= [];
    columns[wave].push(i);
  }
  const boxes: PlacedBox[] = [];
  let [left, lowest] = [0, 0];
  for (const column of columns) {
    const width = column.reduce((widest, i) => Math.max(widest, sizes[i]?.width ?? 0), 0);
    let top = 0;
    for (const i of column) {
      const size = sizes[i] ?? { width: 0, height: 0 };
      boxes[i] = { ...size, x: left + width / 2, y: top + size.height / 2 };
      top += size.height + BETWEEN_ROWS;
    }
    left += width + BETWEEN_COLUMNS * 2;
    lowest = Math.max(lowest, top - BETWEEN_ROWS);
  }
  return {
    width: Math.max(0, left - BETWEEN_COLUMNS * 2),
    height: lowest,
    boxes,
    bends: edges.map(() => []),
  };
}
