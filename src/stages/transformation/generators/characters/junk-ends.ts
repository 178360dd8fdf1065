/** Punctuation that was left at an end of a few cells: `AK-*`. */
import { literal, literals, type Sql } from "../../../../core/index.ts";
import { type Change, cellCount, changeEvidence } from "../../change-evidence.ts";
import { cells, type ColumnValues, readValues } from "../../column-values.ts";
import type { GeneratorContext, Proposal } from "../../generator.ts";

/** More cells than this share of their column carry it: it is no accident. */
const RARE = 0.05;
/** Share of the texts without the junk that must stand elsewhere in the column. */
const KNOWN = 0.5;
/** Fewer cells say nothing. */
const FEWEST = 3;
/** Distinct values looked up in a column. */
const MAX_LOOKUPS = 5_000;

/** Marks that also end or begin words, numbers, paths and sentences; two others are left over from something. */
const NO_TAIL = String.raw`\p{L}\p{M}\p{N}\s.,;:!?'"’”»%)\]}>°®™©€$£+`;
const NO_HEAD = String.raw`\p{L}\p{M}\p{N}\s.,;:¿¡'"‘“«(\[{<€$£+/\\@&=`;
const TAIL = new RegExp(`[^${NO_TAIL}]{2}$`, "u");
const HEAD = new RegExp(`^[^${NO_HEAD}]{2}`, "u");

/** SQL condition over `value` for cells that may end or begin with junk. */
export const JUNK: Sql = `(regexp_full_match(right(value, 2), ${literal(`[^${NO_TAIL}]{2}`)})
  OR regexp_full_match(left(value, 2), ${literal(`[^${NO_HEAD}]{2}`)}))`;

interface Junk {
  readonly mark: string;
  readonly end: "head" | "tail";
  readonly column: string;
  readonly changes: readonly Change[];
  /** Cells whose text without the junk stands elsewhere in the column. */
  readonly known: number;
}

/** Steps that cut junk off; one for each mark, over all columns that carry it. `suspects` holds what {@link JUNK} finds. */
export async function junkProposals(
  context: GeneratorContext,
  suspects: readonly ColumnValues[],
): Promise<Proposal[]> {
  const found = [
    ...(await junkOf(context, suspects, "tail")),
    ...(await junkOf(context, suspects, "head")),
  ];
  const marks = new Map<string, Junk[]>();
  for (const junk of found) {
    const key = `${junk.end}${junk.mark}`;
    marks.set(key, [...(marks.get(key) ?? []), junk]);
  }
  return [...marks.values()].flatMap((list) => junkProposal(list));
}

async function junkOf(
  context: GeneratorContext,
  lists: readonly ColumnValues[],
  end: Junk["end"],
): Promise<Junk[]> {
  const found: Junk[] = [];
  for (const { column, values } of lists) {
    const filled =
      context.rows - (context.profile.columns.find(({ name }) => name === column)?.nulls ?? 0);
    for (const [mark, changes] of byMark(values, end)) {
      const count = cells(changes);
      if (count < FEWEST || count > RARE * filled) continue;
      found.push({ mark, end, column, changes, known: await knownCells(context, column, changes) });
    }
  }
  return found;
}

/** Changes by the mark at the end of the text. */
function byMark(values: ColumnValues["values"], end: Junk["end"]): Map<string, Change[]> {
  const marks = new Map<string, Change[]>();
  for (const { value, count } of values) {
    if (!(end === "tail" ? TAIL : HEAD).test(value)) continue;
    const pattern = end === "tail" ? /[^\p{L}\p{M}\p{N}\s]+$/u : /^[^\p{L}\p{M}\p{N}\s]+/u;
    const mark = pattern.exec(value)?.[0] ?? "";
    // A doubled mark (C++, **) may be meant; two different ones hardly.
    if (new Set(mark).size < 2) continue;
    const rest = end === "tail" ? value.slice(0, -mark.length) : value.slice(mark.length);
    if (!/[\p{L}\p{N}]/u.test(rest) || rest.trim() !== rest) continue;
    marks.set(mark, [...(marks.get(mark) ?? []), { old: value, new: rest, count }]);
  }
  return marks;
}

/** Cells whose text without the junk stands elsewhere in the column. */
async function knownCells(
  context: GeneratorContext,
  column: string,
  changes: readonly Change[],
): Promise<number> {
  const looked = changes.slice(0, MAX_LOOKUPS);
  const texts = looked.map((change) => change.new ?? "");
  const [found] = await readValues(context, [column], { matching: `value IN ${literals(texts)}` });
  const known = new Set(found?.values.map(({ value }) => value));
  return cells(looked.filter((change) => known.has(change.new ?? "")));
}

function junkProposal(list: readonly Junk[]): Proposal[] {
  const [first] = list;
  if (!first) return [];
  const changes = list.flatMap((junk) => junk.changes);
  const known = list.reduce((sum, junk) => sum + junk.known, 0);
  const count = cells(changes);
  const text = first.mark.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
  const where = first.end === "tail" ? "end in" : "begin with";
  return [
    {
      step: {
        operation: "strip_pattern",
        columns: list.map(({ column }) => column),
        args: { pattern: first.end === "tail" ? `(?:${text})+$` : `^(?:${text})+` },
        onFail: "keep",
        evidence: changeEvidence(
          `${cellCount(count)} ${where} "${first.mark}"; without it ${known} of them are values that stand elsewhere in their column.`,
          changes,
          { support: known, counterExamples: count - known },
        ),
      },
      confidence: known >= KNOWN * count ? 0.95 : 0.6,
      intent: "repair",
    },
  ];
}
