/** Quality before and after, metric by metric. */
import { bar } from "../charts/index.ts";
import {
  type Content,
  difference,
  fitting,
  type Heading,
  type Html,
  html,
  percent,
  prose,
  row,
  score,
  table,
} from "../markup/index.ts";
import type { View } from "../view.ts";

const HEADINGS: readonly Heading[] = [
  { label: "Metric" },
  { label: "Before and after" },
  { label: "Change", numeric: true },
  { label: "Weight", numeric: true },
  { label: "What was counted" },
];

/** The applied candidate's score in its parts. */
export function quality({ score: won }: View): Html {
  if (won === undefined) return html`<p>No score was recorded for the applied recipe.</p>`;
  const { shown } = fitting(won.parts, 20_000, (part) =>
    row(HEADINGS, [
      prose(part.metric, 60),
      beforeAfter(part.metric, part.before, part.after, score),
      difference(part.before, part.after),
      percent(part.weight),
      prose(part.evidence, 300),
    ]),
  );
  const total = row(
    HEADINGS,
    [
      "Overall",
      beforeAfter("Overall quality", won.baseline, won.value, score),
      difference(won.baseline, won.value),
      percent(1),
      "Sum of all parts by their weights.",
    ],
    "best",
  );
  return table("Each metric runs from 0 to 1, and 1 is always good.", HEADINGS, [total, ...shown]);
}

/** Bars with their numbers: as loaded and as cleaned, or one where both are the same. */
export function beforeAfter(
  what: string,
  before: number | undefined,
  after: number | undefined,
  format: (share: number) => string,
): Html {
  const line = (kind: "before" | "after", share: number | undefined): Content =>
    share !== undefined &&
    html`<i>${kind}</i>${bar(share, `${what.slice(0, 60)} ${kind}: ${format(share)}`, kind)}<b
        >${format(share)}</b
      >`;
  if (before !== undefined && before === after) {
    return html`<div class="meter">
      <i>both</i>${bar(after, `${what.slice(0, 60)} before and after: ${format(after)}`, "after")}<b
        >${format(after)}</b
      >
    </div>`;
  }
  return html`<div class="meter">${line("before", before)}${line("after", after)}</div>`;
}
