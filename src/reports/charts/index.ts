/** Charts: small inline SVG pictures without scripts, coloured by the page's stylesheet. */
export { bar, round } from "./bars.ts";
export { histogram } from "./histogram.ts";
export { type Outlet, rowFlow } from "./row-flow.ts";
