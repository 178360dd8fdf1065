/** The top of a report: what came of it, in words and in figures. */
import { type Outlet, rowFlow } from "../charts/index.ts";
import {
  type Content,
  count,
  counted,
  type Html,
  html,
  name,
  prose,
  score,
} from "../markup/index.ts";
import type { View } from "../view.ts";

/** Headline of the page. */
export function heading({ input, score: quality }: View): Html {
  const { dataset, account, counts } = input;
  const figures: [string, Content][] = [
    ["Records in", count(counts.recordsIn)],
    ["Rows out", count(counts.rowsOut)],
    ["Set aside", count(counts.rowsQuarantined)],
    ["Cells changed", count(counts.cellsChanged)],
  ];
  if (counts.duplicatesRemoved > 0) {
    figures.push(["Duplicates removed", count(counts.duplicatesRemoved)]);
  }
  if (counts.cellsQuarantined > 0) figures.push(["Cells listed", count(counts.cellsQuarantined)]);
  if (quality !== undefined) {
    figures.push(["Quality", qualityChange(quality)]);
  }
  return html`<header>
    <p class="eyebrow">Preparation report · account ${prose(account, 80)}</p>
    <h1>${prose(dataset.name, 120)}</h1>
    <p class="headline">${headline(input, quality)}</p>
    <dl class="figures">
      ${figures.map(
        ([term, value]) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </header>`;
}

/** What came of it, in one sentence. */
function headline(input: View["input"], quality: View["score"]): string {
  const { counts, dataset } = input;
  const rows = [
    `${counted(counts.recordsIn, "record")} in`,
    `${counted(counts.rowsOut, "row")} out`,
    `${count(counts.rowsQuarantined)} set aside`,
  ];
  if (counts.duplicatesRemoved > 0) {
    rows.push(`${counted(counts.duplicatesRemoved, "duplicate")} removed`);
  }
  const cells =
    counts.cellsChanged === 0
      ? "no cell changed"
      : `${counted(counts.cellsChanged, "cell")} changed in ${count(input.changedColumnCount)} of ${counted(dataset.columns.length, "column")}`;
  const change = quality === undefined ? [] : [`quality ${qualityChange(quality)}`];
  return `${[rows.join(", "), cells, ...change].join("; ")}.`;
}

function qualityChange({ baseline, value }: NonNullable<View["score"]>): string {
  return baseline === value ? `${score(value)}, unchanged` : `${score(baseline)} → ${score(value)}`;
}

const OUTLETS: readonly { kind: Outlet["kind"]; label: string }[] = [
  { kind: "kept", label: "in the cleaned table" },
  { kind: "aside", label: "set aside" },
  { kind: "removed", label: "duplicates removed" },
  { kind: "lost", label: "not accounted for" },
];

/** Where every record went. */
export function rowBalance({ input }: View): Html {
  const { recordsIn, rowsOut, rowsQuarantined, duplicatesRemoved } = input.counts;
  const missing = recordsIn - rowsOut - rowsQuarantined - duplicatesRemoved;
  const amounts = {
    kept: rowsOut,
    aside: rowsQuarantined,
    removed: duplicatesRemoved,
    lost: missing,
  };
  const parts = OUTLETS.map(({ kind, label }) => ({
    kind,
    label,
    records: Math.max(0, amounts[kind]),
  }));
  const shown = parts.filter(({ kind, records }) => kind !== "lost" || records > 0);
  const words = shown.map(({ label, records }) => `${count(records)} ${label}`).join(", ");
  const sum = html`${count(rowsOut)} + ${count(rowsQuarantined)} + ${count(duplicatesRemoved)}
  ${missing === 0 ? "=" : "≠"} ${count(recordsIn)}`;
  const check =
    missing === 0
      ? html`<span class="ok">✓ The balance holds:</span> ${sum}.`
      : html`<span class="no">✗ The balance does not hold:</span> ${sum}.`;
  return html`${rowFlow(parts, `${counted(recordsIn, "record")} in: ${words}`)}
    <ul class="legend">
      <li><span class="in"></span>${counted(recordsIn, "record")} in</li>
      ${shown.map(({ kind, label, records }) => html`<li><span class="${kind}"></span>${count(records)} ${label}</li>`)}
    </ul>
    <p>${check} ${rejectedNote(input)}</p>`;
}

function rejectedNote({ dataset, counts }: View["input"]): Html {
  if (dataset.rejected === 0) return html`Every record could be read as a row.`;
  const rest = counts.rowsQuarantined - dataset.rejected;
  const byRules = rest > 0 ? html`, ${count(rest)} were set aside by the recipe` : "";
  return html`${count(dataset.rejected)} could not be read as rows${byRules}; their bytes are in
  ${name("quarantine.parquet")}.`;
}
