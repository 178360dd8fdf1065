import { escape, Html } from "../markup/index.ts";
import { round } from "./bars.ts";

/** Where a part of the records went. */
export interface Outlet {
  readonly kind: "kept" | "aside" | "removed" | "lost";
  readonly records: number;
}

const WIDTH = 1000;
const GAP = 14;
/** Least width of a part that is not empty: one record of a million is still seen. */
const LEAST = 8;

/** All records as a bar above, where they went as bars below, joined by ribbons as wide as their share. */
export function rowFlow(outlets: readonly Outlet[], label: string): Html {
  const parts = outlets.filter((outlet) => outlet.records > 0);
  const total = parts.reduce((sum, part) => sum + part.records, 0);
  const room = WIDTH - GAP * Math.max(0, parts.length - 1);
  const widths = shares(
    parts.map((part) => part.records / Math.max(1, total)),
    room,
  );
  const stretch = WIDTH / Math.max(1, room);
  let [left, top] = [0, 0];
  const shapes = parts.map(({ kind }, i) => {
    const width = widths[i] ?? 0;
    const [x, u, above] = [round(left), round(top), width * stretch];
    left += width + GAP;
    top += above;
    const [xEnd, uEnd] = [round(x + width), round(u + above)];
    return `<path class="ribbon ${kind}" d="M${u} 18C${u} 55 ${x} 45 ${x} 82H${xEnd}C${xEnd} 45 ${uEnd} 55 ${uEnd} 18Z"/><rect class="${kind}" x="${x}" y="82" width="${round(width)}" height="18"/>`;
  });
  return new Html(
    `<svg class="flow" viewBox="0 0 ${WIDTH} 100" preserveAspectRatio="none" role="img" aria-label="${escape(label)}"><rect class="in" width="${WIDTH}" height="18"/>${shapes.join("")}</svg>`,
  );
}

/** Widths that fill `room`, none below the least. */
function shares(parts: readonly number[], room: number): number[] {
  const small = parts.filter((part) => part * room < LEAST);
  const rest = room - small.length * LEAST;
  const large = 1 - small.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => (part * room < LEAST ? LEAST : (part / large) * rest));
}
