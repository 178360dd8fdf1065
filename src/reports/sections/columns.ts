/** The columns, at a glance and one by one. */
import { andMore, fitting, type Html, html, name } from "../markup/index.ts";
import { shownColumns } from "../shown-columns.ts";
import type { View } from "../view.ts";
import { columnDetail } from "./column-detail.ts";
import { columnOverview, type ColumnPair } from "./column-overview.ts";

const BUDGET_BYTES = 190_000;

/** Overview of the columns shown, then their details, changed ones first. */
export function columns({ input }: View): Html {
  const { pairs, all } = columnPairs(input);
  const overview = columnOverview(pairs);
  // Stable: columns with equally many changes stay in table order.
  const changedFirst = pairs.toSorted((a, b) => b.changed - a.changed);
  const details = fitting(changedFirst, BUDGET_BYTES, (pair, i) => columnDetail(pair, i === 0));
  const left = all - pairs.length + overview.left;
  const profile = html`see ${name("profile.json")}`;
  return html`${overview.table}${andMore(left, left === 1 ? "column" : "columns", profile)}${changedNote(input, pairs)}
    <h3>Column by column</h3>
    ${details.shown}${andMore(details.left, details.left === 1 ? "column of these" : "columns of these", profile)}`;
}

/** The columns shown, joined with what is known of them before and after. */
function columnPairs(input: View["input"]): { pairs: ColumnPair[]; all: number } {
  const before = new Map(input.profile.columns.map((column) => [column.name, column]));
  const after = new Map(input.after.map((column) => [column.name, column]));
  const changed = new Map(input.changedColumns.map(({ column, cells }) => [column, cells]));
  const pairs = shownColumns([...before.keys()], [...after.keys()], [...changed.keys()]).map(
    (column) => ({
      name: column,
      before: before.get(column),
      after: after.get(column),
      changed: changed.get(column) ?? 0,
    }),
  );
  return { pairs, all: new Set([...before.keys(), ...after.keys()]).size };
}

function changedNote(input: View["input"], pairs: readonly ColumnPair[]): Html {
  const left = input.changedColumnCount - pairs.filter((pair) => pair.changed > 0).length;
  return andMore(
    left,
    left === 1 ? "changed column" : "changed columns",
    html`all changes are in ${name("changes.parquet")}`,
  );
}
