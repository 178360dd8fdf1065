/** One column in full: values, shapes and distribution. */
import type { ColumnProfile, FormatCount } from "../../stages/profiling/index.ts";
import { bar, histogram } from "../charts/index.ts";
import {
  cell,
  type Content,
  count,
  counted,
  folded,
  type Heading,
  type Html,
  html,
  measure,
  name,
  percent,
  row,
  table,
} from "../markup/index.ts";
import { arrow, type ColumnPair, filled } from "./column-overview.ts";
import { beforeAfter } from "./quality.ts";
import { fact } from "./steps.ts";

/** A column's card, folded. */
export function columnDetail(pair: ColumnPair, open: boolean): Html {
  const { before, after, changed } = pair;
  const note = changed > 0 ? `, ${counted(changed, "cell")} changed` : "";
  const body = html`<dl class="facts">${facts(pair)}</dl>
    <h4>Filled cells</h4>
    ${beforeAfter("filled", filled(before), filled(after), percent)}
    <div class="split">
      <div>${topValues(pair)}</div>
      <div>${before !== undefined && profiled(before)}</div>
    </div>`;
  return html`<details class="card" ${open && html` open`}>
    <summary>
      ${name(pair.name, 60)} <span class="muted">${before?.kind ?? "new column"}${note}</span>
    </summary>
    ${after === undefined && html`<p>Not in the cleaned table under this name.</p>`} ${body}
  </details>`;
}

function facts({ before, after }: ColumnPair): Content {
  const distinct = fact("Different values", arrow(before?.distinct, after?.distinct));
  return before === undefined ? distinct : [kindFact(before), distinct, profileFacts(before)];
}

function profiled(before: ColumnProfile): Content {
  return [
    distribution(before),
    shapes("Ways of writing", before.formats),
    shapes("Shapes (9 digit, A and a letters)", before.patterns),
  ];
}

function kindFact(before: ColumnProfile): Html {
  const exceptions =
    before.exceptions === 0 ? "no exception" : counted(before.exceptions, "exception");
  return fact("Kind", before.kind, `${percent(before.kindShare)} of filled cells, ${exceptions}`);
}

function profileFacts(before: ColumnProfile): Content {
  const tokens = before.nullTokens
    .slice(0, 8)
    .map((token) => html`${cell(token.value, { limit: 24 })} × ${count(token.count)} `);
  return [
    fact("Values that stand once", count(before.singletons)),
    before.min !== null && fact("Least", cell(before.min, { limit: 40 })),
    before.max !== null && fact("Greatest", cell(before.max, { limit: 40 })),
    fact("Length in characters", `${count(before.minLength)} to ${count(before.maxLength)}`),
    before.blanks > 0 && fact("White space only", counted(before.blanks, "cell")),
    tokens.length > 0 && fact("Spellings of “missing”", tokens),
  ];
}

const VALUES: readonly Heading[] = [
  { label: "Value" },
  { label: "Before", numeric: true },
  { label: "After", numeric: true },
];

interface Counted {
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly length: number | undefined;
}

const MOST_VALUES = 12;

function topValues({ before, after }: ColumnPair): Content {
  const counts = new Map<string, Counted>();
  for (const { value, count: n } of before?.top ?? []) {
    counts.set(value, { before: n, after: undefined, length: undefined });
  }
  for (const { value, count: n, length } of after?.top ?? []) {
    counts.set(value, { before: counts.get(value)?.before, after: n, length });
  }
  if (counts.size === 0) {
    const none =
      before !== undefined && before.nulls < before.rows ? "None recorded." : "No filled cell.";
    return html`<h4>Most frequent values</h4>
      <p class="muted">${none}</p>`;
  }
  const sorted = [...counts].toSorted(
    ([a, x], [b, y]) => highest(y) - highest(x) || (a < b ? -1 : 1),
  );
  const rows = sorted
    .slice(0, MOST_VALUES)
    .map(([value, n]) =>
      row(VALUES, [
        cell(value, { limit: 48, length: n.length }),
        n.before === undefined ? gone(before) : count(n.before),
        n.after === undefined ? gone(after) : count(n.after),
      ]),
    );
  return html`<h4>Most frequent values</h4>
    ${table("– means: not among the most frequent.", VALUES, rows)}`;
}

/** Only a complete list of values says that one it does not hold is gone. */
function gone(column: { distinct: number; top: readonly unknown[] } | undefined): string {
  return column !== undefined && column.distinct <= column.top.length ? "0" : "–";
}

function highest(n: Counted): number {
  return Math.max(n.before ?? 0, n.after ?? 0);
}

function distribution({ numbers }: ColumnProfile): Content {
  if (numbers === null || numbers.histogram.length === 0) return "";
  const { quantiles, histogram: bins } = numbers;
  const ends = [bins[0]?.from ?? numbers.min, bins.at(-1)?.to ?? numbers.max];
  const words = `Distribution of the numbers as loaded, from ${measure(ends[0] ?? 0)} to ${measure(ends[1] ?? 0)}; half lie between ${measure(quantiles.p25)} and ${measure(quantiles.p75)}`;
  return html`<h4>Numbers as loaded</h4>
    ${histogram(bins, words)}
    <p class="axis"><span>${measure(ends[0] ?? 0)}</span><span>${measure(ends[1] ?? 0)}</span></p>
    <dl class="facts">
      ${fact("Median", measure(quantiles.p50))}${fact("Middle half", `${measure(quantiles.p25)} to ${measure(quantiles.p75)}`)}${fact("Least, greatest", `${measure(numbers.min)}, ${measure(numbers.max)}`)}${fact("Mean ± deviation", `${measure(numbers.mean)} ± ${measure(numbers.deviation)}`)}
    </dl>`;
}

const SHAPES: readonly Heading[] = [
  { label: "Form" },
  { label: "Share" },
  { label: "Cells", numeric: true },
  { label: "Such as" },
];

function shapes(title: string, forms: readonly FormatCount[]): Content {
  if (forms.length === 0) return "";
  const total = forms.reduce((sum, form) => sum + form.count, 0);
  const rows = forms.slice(0, 8).map((form) => {
    const share = total === 0 ? 0 : form.count / total;
    return row(SHAPES, [
      cell(form.format, { limit: 40 }),
      bar(share, percent(share), "plain"),
      count(form.count),
      form.examples[0] === undefined ? "" : cell(form.examples[0], { limit: 32 }),
    ]);
  });
  return folded(
    `${title}: ${count(forms.length)}`,
    table("Most frequent first.", SHAPES, rows),
    forms.length > 1,
  );
}
