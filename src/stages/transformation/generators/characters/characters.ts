/** The generator of characters: white space, control characters, entities, escapes, mojibake and junk at the ends. */
import { literals } from "../../../../core/index.ts";
import { type Change, cellCount, changeEvidence } from "../../change-evidence.ts";
import { cells, type ColumnValues, readValues } from "../../column-values.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../../generator.ts";
import { CELL_REPAIRS, type CellRepair } from "./cell-repairs.ts";
import { JUNK, junkProposals } from "./junk-ends.ts";

/** One cheap look that lets plain text pass: what every repair's own condition implies. */
const SUSPICIOUS = String.raw`regexp_matches(value, '[^\x20-\x7E]|^ | $|&|''''|\\')`;

/** Cells that may hold a run of spaces; longer texts are prose, whose spaces are their own. */
const DOUBLE_SPACE = "contains(value, '  ') AND length(value) <= 200";
const INNER_SPACES = /^(?=.{3,200}$).*\S {2,}\S/su;

/** Distinct values looked up in a column. */
const MAX_LOOKUPS = 5_000;

/** One step for a repair, over all columns that need it. */
function repairProposal(found: readonly ColumnValues[], repair: CellRepair): Proposal[] {
  const { operation, args, guard, confidence, what } = repair;
  const columns: string[] = [];
  const changes: Change[] = [];
  for (const { column, values } of found) {
    if (repair.shows && !values.some(({ value }) => repair.shows?.(value))) continue;
    if (repair.means && values.some(({ value }) => repair.means?.(value))) continue;
    const here = values
      .map(({ value, count }): Change => ({ old: value, new: repair.repair(value), count }))
      .filter((change) => change.old !== change.new);
    if (here.length === 0) continue;
    columns.push(column);
    changes.push(...here);
  }
  if (columns.length === 0) return [];
  const evidence = changeEvidence(`${cellCount(cells(changes))} carry ${what}.`, changes);
  const step = {
    operation,
    columns,
    args,
    ...(guard === undefined ? {} : { guard }),
    onFail: "keep" as const,
    evidence,
  };
  return [{ step, confidence, intent: "repair" }];
}

/** Runs of spaces inside a text, where the text with single ones is the more frequent spelling. */
async function innerSpaces(
  context: GeneratorContext,
  found: readonly ColumnValues[],
): Promise<Proposal[]> {
  const proposals: Proposal[] = [];
  for (const { column, values: all } of found) {
    const values = all.filter(({ value }) => INNER_SPACES.test(value)).slice(0, MAX_LOOKUPS);
    if (values.length === 0) continue;
    const single = values.map(({ value }) => value.trim().replaceAll(/\s+/g, " "));
    const [known] = await readValues(context, [column], {
      matching: `value IN ${literals(single)}`,
    });
    const counts = new Map(known?.values.map(({ value, count }) => [value, count]));
    const changes = values.flatMap(({ value, count }, place): Change[] => {
      const to = single[place] ?? value;
      return (counts.get(to) ?? 0) > count ? [{ old: value, new: to, count }] : [];
    });
    if (changes.length === 0) continue;
    proposals.push({
      step: {
        operation: "map_values",
        columns: [column],
        args: { map: spellings(changes) },
        onFail: "keep",
        evidence: changeEvidence(
          `${cellCount(cells(changes))} differ from a more frequent value only in runs of spaces.`,
          changes,
        ),
      },
      confidence: 0.9,
      intent: "repair",
    });
  }
  return proposals;
}

/** What each text becomes; a step before may have trimmed it. */
function spellings(changes: readonly Change[]): (string | null)[][] {
  const map = new Map<string | null, string | null>();
  for (const { old, new: to } of changes) {
    for (const from of [old, old?.trim() ?? null]) if (from !== to) map.set(from, to);
  }
  return [...map];
}

/** Generator `characters`. */
export const characters = defineGenerator({
  name: "characters",
  title: "Stray white space, control characters, escapes, mojibake and junk",
  wave: "values",
  order: 10,
  async propose(context): Promise<Proposal[]> {
    const proposals: Proposal[] = [];
    const any = CELL_REPAIRS.map((repair) => `(${repair.matching})`).join(" OR ");
    const matching = `(${SUSPICIOUS} AND (${any})) OR (${DOUBLE_SPACE}) OR ${JUNK}`;
    const found = await readValues(context, context.columns, { matching });
    for (const repair of CELL_REPAIRS) proposals.push(...repairProposal(found, repair));
    proposals.push(...(await innerSpaces(context, found)));
    proposals.push(...(await junkProposals(context, found)));
    return proposals;
  },
});
