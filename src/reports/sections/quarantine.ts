/** What was set aside, by reason, and rows that repeat another one. */
import {
  andMore,
  cell,
  count,
  counted,
  fitting,
  folded,
  type Heading,
  type Html,
  html,
  name,
  prose,
  row,
  table,
} from "../markup/index.ts";
import type { QuarantineGroup } from "../report-input.ts";
import type { View } from "../view.ts";

const BUDGET_BYTES = 70_000;

const HEADINGS: readonly Heading[] = [
  { label: "Record", numeric: true },
  { label: "Column" },
  { label: "As it came" },
  { label: "Reason" },
];

/** Quarantine by reason, with samples. */
export function quarantine({ input }: View): Html {
  const { quarantine: groups } = input;
  if (groups.length === 0) return html`<p>Nothing was set aside.</p>`;
  const { shown, left } = fitting(groups, BUDGET_BYTES, card);
  return html`<p>
      Records that could not be used, and cells that need a person’s look, with their original
      bytes: ${name("quarantine.parquet")}. Single cells listed here keep their value in the cleaned
      table.
    </p>
    ${shown}${andMore(left, "reasons")}`;
}

function card(group: QuarantineGroup, index: number): Html {
  const amounts = [
    ...(group.rows > 0 ? [counted(group.rows, "record")] : []),
    ...(group.cells > 0 ? [counted(group.cells, "cell")] : []),
  ];
  const others = group.reasons > 1 ? ` (and ${counted(group.reasons - 1, "other reason")})` : "";
  const rows = group.samples.map((sample) =>
    row(HEADINGS, [
      sample.row === null ? html`<span class="none">none</span>` : count(sample.row),
      sample.column === null
        ? html`<span class="none">whole record</span>`
        : name(sample.column, 40),
      html`${cell(sample.rawText, { limit: 160 })}${sample.sizeBytes > 200 && html` <span class="cut">${count(sample.sizeBytes)} bytes</span>`}`,
      prose(sample.reason, 200),
    ]),
  );
  const samples =
    rows.length > 0 &&
    folded(
      `Samples: ${count(rows.length)} of ${count(group.rows + group.cells)}`,
      table("In the order of the input.", HEADINGS, rows),
      index < 4,
    );
  return html`<article>
    <h3>${amounts.join(", ")} <span class="tag aside">${prose(group.code, 60)}</span></h3>
    <p>${prose(group.reason, 300)}${others}</p>
    ${samples}
  </article>`;
}

const PAIR: readonly Heading[] = [
  { label: "Record", numeric: true },
  { label: "Repeats record", numeric: true },
];

/** Rows that repeat another one. */
export function duplicates({ input }: View): Html {
  const { count: listed, samples } = input.duplicates;
  const { rows, groups } = input.profile.duplicates;
  const found =
    rows === 0
      ? "No row of the input repeats an earlier one in all columns."
      : `${counted(rows, "row")} of the input ${rows === 1 ? "repeats" : "repeat"} an earlier one in all columns, in ${counted(groups, "group")}.`;
  const removed = input.counts.duplicatesRemoved;
  const done =
    removed > 0
      ? `${counted(removed, "duplicate")} removed.`
      : "None was removed: removing duplicates is an option.";
  if (listed === 0) return html`<p>${found}${rows > 0 && ` ${done}`}</p>`;
  const pairs = samples.map((pair) =>
    row(PAIR, [count(pair.row), pair.keptRow === null ? "" : count(pair.keptRow)]),
  );
  return html`<p>
      ${found} ${done} ${counted(listed, "row")} listed in ${name("duplicates.parquet")}.
    </p>
    ${pairs.length > 0 && folded(`Samples: ${count(pairs.length)} of ${count(listed)}`, table("First rows listed.", PAIR, pairs))}`;
}
