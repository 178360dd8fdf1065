import type { Column } from "../../../core/index.ts";
import {
  isNamedFormat,
  kindOfFormat,
  type Look,
  NAMED_FORMATS,
  type ValueKind,
} from "../workbook/index.ts";
import type { ColumnFacts } from "./column-facts.ts";

/** How a column of a table becomes one of a sheet. */
export interface PlannedColumn {
  /** Name in the table. */
  readonly name: string;
  readonly title: string;
  readonly kind: ValueKind;
  /** Number format code. */
  readonly format: string;
  /** In characters. */
  readonly width: number;
  /** Whether the format was asked for. */
  readonly wished: boolean;
}

/** What is wanted of a column. */
export interface ColumnWish {
  readonly title: string;
  /** A name of `NAMED_FORMATS` or a number format code; by the values when left out. */
  readonly format?: string | undefined;
  readonly width?: number | undefined;
}

const { text: TEXT, datetime: TIME } = NAMED_FORMATS;

/** Some programs show `####` for text of more characters than this in a cell that is marked as text. */
const MARKED_TEXT_CHARACTERS = 255;
const MIN_WIDTH = 8;
const MAX_WIDTH = 60;
/** For the filter's button, and so that neighbours do not touch. */
const PADDING = 3;
const TIME_WIDTH = 21;

/** The column as it is wanted, and for the rest as its values say. */
export function plannedColumn(
  column: Column,
  facts: ColumnFacts,
  wish: ColumnWish,
  typed: boolean,
): PlannedColumn {
  const look = wish.format === undefined ? lookOf(column, facts, typed) : wishedLook(wish.format);
  const isLong = look.format === "@" && facts.longest > MARKED_TEXT_CHARACTERS;
  const width = wish.width ?? widthFor(wish.title, facts, look);
  const format = isLong ? "General" : look.format;
  return {
    name: column.name,
    title: wish.title,
    kind: look.kind,
    format,
    width,
    wished: wish.format !== undefined,
  };
}

function wishedLook(format: string): Look {
  if (isNamedFormat(format)) return NAMED_FORMATS[format];
  return { kind: kindOfFormat(format), format };
}

/** `typed` says that the source knows types, so that what it calls text is text. */
function lookOf({ sourceType }: Column, facts: ColumnFacts, typed: boolean): Look {
  if (sourceType === null || !typed) return lookByValues(facts);
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(sourceType)) return wholeLook(facts);
  if (sourceType.startsWith("DECIMAL")) return decimalLook(sourceType);
  if (/^(DOUBLE|FLOAT|REAL)$/.test(sourceType)) return NAMED_FORMATS.number;
  if (sourceType === "BOOLEAN") return NAMED_FORMATS.boolean;
  if (sourceType === "DATE") return NAMED_FORMATS.date;
  return /^TIMESTAMP(_S|_MS|_NS)?$/.test(sourceType) ? timeLook(facts) : TEXT;
}

/** Digits that a program shows of a number; longer ones are ids, or would lose their end. */
const SHOWN_DIGITS = 15;

function wholeLook({ longest }: ColumnFacts): Look {
  // A minus may be among the characters: a number of fifteen digits and a minus stays a number.
  return longest <= SHOWN_DIGITS + 1 ? NAMED_FORMATS.integer : TEXT;
}

function decimalLook(type: string): Look {
  const [, digits = "18", decimals = "3"] = /\((\d+),\s*(\d+)\)/.exec(type) ?? [];
  if (Number(digits) - Number(decimals) > SHOWN_DIGITS) return TEXT;
  return { kind: "number", format: withDecimals(Number(decimals)) };
}

function withDecimals(decimals: number): string {
  return decimals === 0 ? "0" : `0.${"0".repeat(decimals)}`;
}

function timeLook({ fractions }: ColumnFacts): Look {
  return { kind: "datetime", format: fractions > 0 ? `${TIME.format}.000` : TIME.format };
}

/**
 * A kind is believed only when every value has it and none would look otherwise than it did: a zero
 * in front or a different number of decimals behind may mean something (`007`, version `1.10`).
 */
function lookByValues(facts: ColumnFacts): Look {
  const { filled, numbers, whole, fewestDecimals, mostDecimals, trailingZeros } = facts;
  if (filled === 0) return TEXT;
  if (numbers === filled) {
    if (whole === filled) return NAMED_FORMATS.integer;
    if (fewestDecimals === mostDecimals)
      return { kind: "number", format: withDecimals(mostDecimals) };
    return trailingZeros === 0 ? NAMED_FORMATS.number : TEXT;
  }
  if (facts.days === filled) return NAMED_FORMATS.date;
  return facts.times === filled ? timeLook(facts) : TEXT;
}

function widthFor(title: string, { longest }: ColumnFacts, { kind }: Look): number {
  const values = kind === "datetime" ? TIME_WIDTH - PADDING : longest;
  return Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, Math.max(title.length, values) + PADDING));
}
