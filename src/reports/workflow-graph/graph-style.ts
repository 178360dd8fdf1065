import { PALETTE } from "../palette.ts";
import { statusClass, STATUS_LOOKS } from "./status-looks.ts";

type Palette = Readonly<Record<keyof (typeof PALETTE)["light"], string>>;

/** Rules of one palette. Without variables, which many viewers of SVG files do not know. */
function rules(colours: Palette): string {
  const statuses = Object.entries(STATUS_LOOKS).map(
    ([status, { role, dash }]) =>
      `.wf-${statusClass(status)}>.wf-box{stroke:${colours[role]}${dash ? ";stroke-dasharray:5 3" : ""}}`,
  );
  return [
    `.wf{color:${colours.muted}}`,
    `.wf-ground{fill:${colours.ground}}`,
    `.wf-box{fill:${colours.panel};stroke:${colours.before}}`,
    ".wf-cluster>.wf-box{fill:none}",
    `.wf-name{fill:${colours.text}}`,
    `.wf-note{fill:${colours.muted}}`,
    ...statuses,
  ].join("");
}

/** Colours of workflow drawings, on light and on dark ground. */
export const GRAPH_STYLE = `${rules(PALETTE.light)}@media screen and (prefers-color-scheme:dark){${rules(PALETTE.dark)}}`;
