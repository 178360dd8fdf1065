/** Colour on a terminal. */
import type { Host, Sink } from "./host.ts";

type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
}

/** Paints with ANSI codes, or not at all. */
export function styleOf(coloured: boolean): Style {
  const paint = (on: number, off: number): Paint =>
    coloured ? (text) => `\u001B[${on}m${text}\u001B[${off}m` : (text) => text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
  };
}

/** Whether a stream gets colour: FORCE_COLOR and NO_COLOR decide, else whether it is a terminal. */
export function isColoured(sink: Sink, env: Host["env"]): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env;
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  if (no !== undefined && no !== "") return false;
  return sink.isTTY === true && term !== "dumb";
}
