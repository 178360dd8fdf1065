/** Columns that a report shows one by one, at most. */
export const MAX_SHOWN_COLUMNS = 200;

/**
 * The columns to show one by one, in table order: changed ones first, then others while there is
 * room. Columns that only the cleaned table has come after those of the input.
 */
export function shownColumns(
  before: readonly string[],
  after: readonly string[],
  changed: readonly string[],
): string[] {
  const all = [...new Set([...before, ...after])];
  const known = new Set(all);
  const first = [...changed.filter((column) => known.has(column)), ...all];
  const shown = new Set([...new Set(first)].slice(0, MAX_SHOWN_COLUMNS));
  return all.filter((column) => shown.has(column));
}
