/** Numbers of one column to one canonical numeral, where its cells agree on a meaning. */
import type { Proposal } from "../../generator.ts";
import { type Change, cellCount, changeEvidence } from "../../change-evidence.ts";
import type { ColumnValues } from "../../column-values.ts";
import type { TransformationOptions } from "../../options.ts";
import { decorations } from "./decorations.ts";
import { fractionForm } from "./fractions.ts";
import { type NumberCell, numberCells, plainNumeral } from "./number-cells.ts";
import { fractionDigits, hasLeadingZero, shiftLeft, shortest, withoutNoise } from "./numeral.ts";
import { confidenceOf, type NumberReading } from "./number-reading.ts";
import { plainSteps } from "./plain-steps.ts";
import { columnSeparators, strayCommas } from "./separators.ts";

/** A column is of numbers when at least this share of its filled cells are. */
const NUMERIC = 0.95;
const FEWEST = 5;
/** Decimals that may be what floating point leaves behind. */
const LONG = 8;

/** Steps that bring a column's numbers to canonical numerals; none where it is not certain what they mean. */
export function numberProposals(
  { column, values }: ColumnValues,
  options: Pick<TransformationOptions, "numerals" | "leadingZeros">,
): Proposal[] {
  if (options.numerals === "keep") return [];
  const { numbers, count, filled } = numberCells(values);
  if (count < FEWEST || count < NUMERIC * filled) return [];
  if (numbers.some(({ numeral }) => hasLeadingZero(numeral.body)))
    return options.leadingZeros === "strip" ? strippedZeros(column, numbers) : [];
  const separators = columnSeparators(
    numbers.map(({ numeral, count: n }) => ({ body: numeral.body, count: n })),
  );
  if (!separators) return strayCommaSteps(column, numbers);
  const found = decorations(numbers, separators);
  if (found.some(({ drop }) => !drop)) return [];
  const reading = { column, separators, dropped: found, numbers, share: count / filled };
  return canonicalSteps(reading);
}

/** A cell with the plain numeral that it means. */
interface Plain {
  readonly cell: NumberCell;
  readonly plain: string;
  readonly noisy: boolean;
}

function plainsOf({ numbers, separators, dropped }: NumberReading): Plain[] {
  const divide = dropped.some(({ percent }) => percent === "divide");
  const all = numbers.flatMap((cell) => {
    const plain = plainNumeral(cell.numeral, separators);
    if (plain === undefined) return [];
    const meant = divide && cell.numeral.percent ? shiftLeft(plain, 2) : plain;
    return [{ cell, plain: meant, quiet: withoutNoise(meant) }];
  });
  // Where other cells have as many decimals, a run of zeros or nines among them is chance, not noise.
  const precise = all.some(({ plain, quiet }) => !quiet && fractionDigits(plain) >= LONG);
  return all.map(({ cell, plain, quiet }) => ({
    cell,
    plain: precise ? plain : (quiet ?? plain),
    noisy: !precise && quiet !== undefined,
  }));
}

function canonicalSteps(reading: NumberReading): Proposal[] {
  const plains = plainsOf(reading);
  const form = fractionForm(plains.map(({ plain, cell }) => ({ plain, count: cell.count })));
  // A column that pads its decimals keeps them: only the decorations go.
  if (form === "padded") return plainSteps(reading);
  const changes = plains
    .map(({ cell, plain }): Change => ({
      old: cell.value,
      new: shortest(plain),
      count: cell.count,
    }))
    .filter((change) => change.old !== change.new);
  if (changes.length === 0) return [];
  const round = plains.some(({ noisy }) => noisy);
  const digits = Math.max(...plains.map(({ plain }) => fractionDigits(plain)));
  return [
    {
      step: {
        operation: "parse_number",
        columns: [reading.column],
        args: { ...parseArgs(reading), ...(round ? { round: digits } : {}) },
        onFail: "keep",
        evidence: changeEvidence(because(reading, plains), changes, {
          support: plains.reduce((sum, { cell }) => sum + cell.count, 0),
        }),
      },
      confidence: confidenceOf(reading),
      intent: "repair",
    },
  ];
}

function parseArgs({ separators, dropped, numbers }: NumberReading): Proposal["step"]["args"] {
  const currency = dropped.flatMap((decoration) => decoration.currency ?? []);
  const units = dropped.flatMap((decoration) => decoration.units ?? []);
  const percent = dropped.find((decoration) => decoration.percent)?.percent;
  const thousands = separators.thousands;
  return {
    decimal: separators.decimal,
    ...(thousands === undefined ? {} : { thousands }),
    ...(percent === undefined ? {} : { percent }),
    ...(currency.length > 0 ? { currency } : {}),
    ...(units.length > 0 ? { units } : {}),
    ...(numbers.some(({ numeral }) => numeral.parentheses) ? { parentheses: true } : {}),
  };
}

/** One sentence on what the column's numbers carry. */
function because(reading: NumberReading, plains: readonly Plain[]): string {
  const parts = reading.dropped.map(({ phrase }) => phrase);
  const count = (test: (plain: Plain) => boolean) =>
    plains.filter(test).reduce((sum, { cell }) => sum + cell.count, 0);
  const { thousands, decimal } = reading.separators;
  const grouped =
    thousands === undefined ? 0 : count(({ cell }) => cell.numeral.body.includes(thousands));
  if (grouped > 0) parts.push(`separators of thousands in ${cellCount(grouped)}`);
  if (decimal === ",") parts.push("a decimal comma");
  const noisy = count((plain) => plain.noisy);
  if (noisy > 0) parts.push(`digits left by floating point in ${cellCount(noisy)}`);
  const padded = count(({ plain }) => shortest(plain) !== plain);
  if (padded > 0)
    parts.push(`a fraction of zeros in ${cellCount(padded)} where the others are written short`);
  const carried = parts.length > 0 ? ` They carry ${parts.join(", ")}.` : "";
  return `${(reading.share * 100).toFixed(1)} % of the filled cells are numbers.${carried}`;
}

/** Decimal commas among decimal points become points. */
function strayCommaSteps(column: string, numbers: readonly NumberCell[]): Proposal[] {
  if (!strayCommas(numbers.map(({ numeral, count }) => ({ body: numeral.body, count })))) return [];
  const changes = numbers
    .filter(({ value }) => /^[+-]?\d*,\d+$/.test(value.trim()))
    .map(({ value, count }): Change => ({
      old: value,
      new: value.trim().replace(",", "."),
      count,
    }));
  if (changes.length === 0) return [];
  const count = changes.reduce((sum, change) => sum + change.count, 0);
  return [
    {
      step: {
        operation: "replace_pattern",
        columns: [column],
        args: { pattern: ",", replacement: "." },
        guard: "[+-]?\\d*,\\d+",
        onFail: "keep",
        evidence: changeEvidence(
          `${cellCount(count)} have a decimal comma in a column of decimal points.`,
          changes,
        ),
      },
      confidence: 0.9,
      intent: "repair",
    },
  ];
}

/** Digits with leading zeros as numbers, when the option asks for it. */
function strippedZeros(column: string, numbers: readonly NumberCell[]): Proposal[] {
  if (numbers.some(({ value }) => !/^\d+$/.test(value.trim()))) return [];
  const changes = numbers
    .map(({ value, count }): Change => ({
      old: value,
      new: value.trim().replace(/^0+(?=\d)/, ""),
      count,
    }))
    .filter((change) => change.old !== change.new);
  return [
    {
      step: {
        operation: "parse_number",
        columns: [column],
        args: { decimal: ".", leadingZeros: "strip" },
        onFail: "keep",
        evidence: changeEvidence("Leading zeros are to be dropped, by option.", changes),
      },
      confidence: 0.97,
      intent: "repair",
    },
  ];
}
