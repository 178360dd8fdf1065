/**
 * Generator `constants`: cells that break a rule between two columns which nearly all rows keep.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import { changeEvidence } from "../../change-evidence.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../../generator.ts";
import { type CodedTable, codedTable, EMPTY, gatherings } from "../dependencies/index.ts";
import { type Confirmation, confirmationOf } from "./culprit.ts";
import { brokenRules, fulfils, predicateOf, type Rule } from "./rules.ts";

/** A rule that only a larger part of the table shows is none. */
const MAX_CELLS = 4_000_000;
/** Rules looked at, best supported first: many say the same in other words. */
const MOST_RULES = 200;
/** Suggestions at most: more than a person will read. */
const MOST_PROPOSALS = 20;
const CONFIDENCE = { confirmed: 0.9, open: 0.4 };

/** Proposes `set_value` where a rule is broken; a suggestion only, unless the condition is confirmed. */
export const constants = defineGenerator({
  name: "constants",
  title: "Cells that break a rule which nearly all rows keep",
  wave: "table",
  order: 30,
  propose: async (context) => {
    const table = await codedTable(context, MAX_CELLS);
    return proposalsFor(context, table);
  },
});

async function proposalsFor(context: GeneratorContext, table: CodedTable): Promise<Proposal[]> {
  const claimed = new Set<string>();
  const found: (Finding & { rule: Rule })[] = [];
  for (const rule of brokenRules(table).slice(0, MOST_RULES)) {
    await setImmediate();
    context.signal?.throwIfAborted();
    const finding = judge(table, rule);
    if (finding) found.push({ ...finding, rule });
  }
  return found
    .toSorted((a, b) => b.confidence - a.confidence)
    .flatMap((finding) => {
      const cells = finding.rows.map((row) => cellsOf(finding.rule, row));
      const fresh = cells.filter((both) => both.every((cell) => !claimed.has(cell)));
      // The same violations seen the other way round, or through another column, need no second step.
      if (fresh.length < cells.length / 2) return [];
      for (const both of cells) for (const cell of both) claimed.add(cell);
      return [proposalOf(finding.rule, finding, table.scale)];
    })
    .slice(0, MOST_PROPOSALS);
}

interface Finding {
  readonly rows: readonly number[];
  readonly confidence: number;
  readonly confirmation: Confirmation | undefined;
}

/** Undefined where the violations gather: exceptions with a reason, not errors. */
function judge(table: CodedTable, rule: Rule): Finding | undefined {
  const { condition, column, value } = rule;
  const kept: number[] = [];
  const broken: number[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (column.codes[row] === EMPTY || !fulfils(condition, row)) continue;
    (column.codes[row] === value ? kept : broken).push(row);
  }
  const elsewhere = gatherings(table, column, broken).filter(
    (one) => one.column !== condition.column.name,
  );
  const gathered = broken.filter((row) => elsewhere.some(({ rows }) => rows.has(row)));
  if (gathered.length > 0.1 * broken.length) return undefined;
  const confirmation = confirmationOf(table, condition.column, column, kept, broken);
  const contrary = confirmationOf(table, column, condition.column, kept, broken);
  const confidence = confirmation && !contrary ? CONFIDENCE.confirmed : CONFIDENCE.open;
  return { rows: broken, confidence, confirmation };
}

/** The two cells of a row of which one must be wrong. */
function cellsOf({ column, condition }: Rule, row: number): string[] {
  return [column.name, condition.column.name].map((name) => `${row} ${name}`);
}

function proposalOf(rule: Rule, { rows, confidence, confirmation }: Finding, scale: number) {
  const { condition, column, value, kept, broken } = rule;
  const target = column.values[value] ?? "";
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(column.codes[row]!, (counts.get(column.codes[row]!) ?? 0) + 1);
  const changes = [...counts].map(([code, count]) => ({
    old: column.values[code] ?? null,
    new: target,
    count: count * scale,
  }));
  const sign = condition.kind === "equals" ? "=" : "≠";
  const because =
    `Where ${condition.column.name} ${sign} ${condition.column.values[condition.code]}, ${column.name} is ${target} in ${kept} of ${kept + broken} rows.` +
    (confirmation
      ? ` In the others ${condition.column.name} is as ${confirmation.by} has it elsewhere (${Math.round(100 * confirmation.share)} %), so ${column.name} is wrong.`
      : " Which of the two is wrong is not certain.");
  const olds = changes.map(({ old }) => old ?? "").toSorted((a, b) => (a < b ? -1 : 1));
  const step: Proposal["step"] = {
    operation: "set_value",
    columns: [column.name],
    args: { value: target },
    where: { all: [predicateOf(condition), { column: column.name, in: olds }] },
    onFail: "keep",
    evidence: changeEvidence(because, changes, {
      support: kept * scale,
      counterExamples: broken * scale,
    }),
  };
  return { step, confidence, intent: "repair" } satisfies Proposal;
}
