/** Drop decorations from numbers whose padded decimals are the column's own form. */
import { type Change, cellCount, changeEvidence } from "../../change-evidence.ts";
import type { Proposal } from "../../generator.ts";
import { confidenceOf, type NumberReading } from "./number-reading.ts";
import type { NumberCell } from "./number-cells.ts";

interface TextEdit {
  readonly what: string;
  readonly operation: "strip_pattern" | "replace_pattern";
  readonly pattern: string;
  readonly replacement?: string;
  /** Only cells that match it are touched. */
  readonly guard: string;
  readonly applies: (cell: NumberCell) => boolean;
}

/** One step for each kind of decoration; each takes the cells as the one before leaves them. */
export function plainSteps(reading: NumberReading): Proposal[] {
  // No text edit divides by a hundred.
  if (reading.dropped.some(({ percent }) => percent === "divide")) return [];
  let current = reading.numbers.map((cell) => ({ cell, text: cell.value.trim() }));
  const proposals: Proposal[] = [];
  for (const edit of editsFor(reading)) {
    const changes: Change[] = [];
    const pattern = new RegExp(edit.pattern, "gu");
    current = current.map(({ cell, text }) => {
      if (!edit.applies(cell)) return { cell, text };
      const after = text.replaceAll(pattern, (edit.replacement ?? "").replace("\\1", "$1"));
      if (after !== text) changes.push({ old: text, new: after, count: cell.count });
      return { cell, text: after };
    });
    if (changes.length > 0) proposals.push(proposalOf(reading, edit, changes));
  }
  return proposals;
}

function proposalOf(reading: NumberReading, edit: TextEdit, changes: readonly Change[]): Proposal {
  const count = changes.reduce((sum, change) => sum + change.count, 0);
  return {
    step: {
      operation: edit.operation,
      columns: [reading.column],
      args: {
        pattern: edit.pattern,
        ...(edit.replacement === undefined ? {} : { replacement: edit.replacement }),
      },
      guard: edit.guard,
      onFail: "keep",
      evidence: changeEvidence(
        `A column of numbers with ${edit.what} in ${cellCount(count)}; its decimals stay as wide as they are.`,
        changes,
      ),
    },
    confidence: confidenceOf(reading),
    intent: "repair",
  };
}

function editsFor({ separators, dropped, numbers }: NumberReading): TextEdit[] {
  const edits: TextEdit[] = [];
  const words = dropped.flatMap(({ currency = [], units = [], percent }) => [
    ...currency,
    ...units,
    ...(percent === undefined ? [] : ["%"]),
  ]);
  if (words.length > 0) {
    const any = words.map(escaped).join("|");
    edits.push({
      what: "a percent sign, currency sign or unit",
      operation: "strip_pattern",
      pattern: `^(?:${any})\\s*|\\s*(?:${any})$`,
      guard: `.*\\d.*`,
      applies: ({ numeral }) => numeral.currency !== "" || numeral.unit !== "" || numeral.percent,
    });
  }
  const { thousands, decimal } = separators;
  if (thousands !== undefined)
    edits.push({
      what: "separators of thousands",
      operation: "strip_pattern",
      pattern: escaped(thousands),
      guard: `\\(?[+-]?\\d{1,3}(?:${escaped(thousands)}\\d{3})+(?:${escaped(decimal)}\\d+)?\\)?`,
      applies: ({ numeral }) => numeral.body.includes(thousands),
    });
  if (decimal === ",")
    edits.push({
      what: "a decimal comma",
      operation: "replace_pattern",
      pattern: ",",
      replacement: ".",
      guard: "\\(?[+-]?\\d*,\\d+\\)?",
      applies: ({ numeral }) => numeral.body.includes(","),
    });
  if (numbers.some(({ numeral }) => numeral.parentheses))
    edits.push({
      what: "parentheses for a minus sign",
      operation: "replace_pattern",
      pattern: "^\\((.*)\\)$",
      replacement: "-\\1",
      guard: "\\([\\d.]+\\)",
      applies: ({ numeral }) => numeral.parentheses,
    });
  return edits;
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");
}
