/** Most rows and columns of a sheet. */
export const MAX_ROWS = 1_048_576;
export const MAX_COLUMNS = 16_384;

/** Letters of a column: 0 is `A`, 26 is `AA`. */
export function columnLetters(index: number): string {
  let letters = "";
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

/** The place that `B5` or `$B$5` names, counted from 0; undefined when it is none. */
export function cellPlace(name: string): { column: number; row: number } | undefined {
  const [, letters = "", digits = ""] = /^\$?([A-Z]{1,3})\$?([1-9]\d{0,6})$/.exec(name) ?? [];
  const column = Array.from(letters).reduce(
    (sum, letter) => sum * 26 + letter.charCodeAt(0) - 64,
    0,
  );
  const place = { column: column - 1, row: Number(digits) - 1 };
  const isSound = column > 0 && column <= MAX_COLUMNS && place.row < MAX_ROWS;
  return isSound ? place : undefined;
}
