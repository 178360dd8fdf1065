/** Markup: text, numbers and tables as HTML that nothing can be injected into. */
export { sideBySide } from "./difference.ts";
export { type Content, escape, Html, html, sizeOf } from "./html.ts";
export {
  bytes,
  count,
  counted,
  difference,
  duration,
  fineShare,
  measure,
  percent,
  score,
} from "./numbers.ts";
export { andMore, fitting, folded, type Heading, row, table } from "./table.ts";
export { cell, name, prose } from "./visible-text.ts";
