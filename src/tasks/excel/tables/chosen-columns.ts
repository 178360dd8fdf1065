import { type Column, didYouMean, WranglerError } from "../../../core/index.ts";
import type { ColumnWish } from "./column-plan.ts";

/** A column as it is asked for. */
export interface ColumnChoice {
  readonly from: string;
  readonly header?: string | undefined;
  readonly format?: string | undefined;
  readonly width?: number | undefined;
}

/** A column of a table with what is wanted of it. */
export interface ChosenColumn {
  readonly column: Column;
  readonly wish: ColumnWish;
}

/**
 * Columns in the order that they are asked for; `keepOther` puts the rest behind them. All when
 * nothing is asked for.
 *
 * @throws {WranglerError} COLUMN_UNKNOWN when the table has no such column, or two with that heading.
 */
export function chosenColumns(
  columns: readonly Column[],
  choices: readonly ColumnChoice[] | undefined,
  keepOther: boolean,
  source: string,
): ChosenColumn[] {
  const chosen = (choices ?? []).map(({ from, header, format, width }) => {
    const column = columnOf(columns, from, source);
    return { column, wish: { title: header ?? titleOf(column), format, width } };
  });
  if (choices && !keepOther) return chosen;
  const taken = new Set(chosen.map(({ column }) => column.name));
  const rest = columns.filter(({ name }) => !taken.has(name));
  return [...chosen, ...rest.map((column) => ({ column, wish: { title: titleOf(column) } }))];
}

/** By its unique name (a second column `x` is `x_2`), else by its heading as it stands in the file. */
function columnOf(columns: readonly Column[], wanted: string, source: string): Column {
  const byName = columns.find(({ name }) => name === wanted);
  if (byName) return byName;
  const [first, ...more] = columns.filter(({ label }) => label === wanted);
  if (first && more.length === 0) return first;
  const names = columns.map(({ name }) => name);
  const reason = first
    ? `${source} has ${more.length + 1} columns "${wanted}": name one of ${listed([first, ...more].map(({ name }) => name))}.`
    : `${source} has no column "${wanted}".${didYouMean(wanted, names) || ` It has ${listed(names)}.`}`;
  throw new WranglerError("COLUMN_UNKNOWN", reason, { source, column: wanted });
}

const MAX_LISTED = 20;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_LISTED).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function titleOf({ name, label }: Column): string {
  return label.trim() === "" ? name : label;
}
