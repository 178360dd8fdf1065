/** How a column writes fractions: as short as can be, or padded to a width. */

/**
 * `short` when the numbers with a fraction end in a digit other than zero, so that `7.0` among them
 * can only be a whole number as a program renders it; `padded` when zeros behind the point are the
 * column's own form, as in prices.
 */
export function fractionForm(
  numbers: readonly { readonly plain: string; readonly count: number }[],
): "short" | "padded" {
  let whole = 0;
  let renderedWhole = 0;
  let short = 0;
  let padded = 0;
  for (const { plain, count } of numbers) {
    if (!plain.includes(".")) whole += count;
    else if (plain.endsWith(".0")) renderedWhole += count;
    else if (plain.endsWith("0")) padded += count;
    else short += count;
  }
  if (padded === 0) return "short";
  // A few padded cells among short fractions or whole numbers are the exception, not the form.
  return padded <= 0.02 * (whole + renderedWhole + short) ? "short" : "padded";
}
