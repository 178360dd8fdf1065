/** The generator of nulls: cells that only say that a value is missing become empty. */
import { type Change, cellCount, changeEvidence } from "../../change-evidence.ts";
import { cells, readValues, type ValueWithCount } from "../../column-values.ts";
import { lookOf } from "../../value-look.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../../generator.ts";
import { clockFormOf } from "../formats/clock.ts";
import { readDate } from "../formats/date-shapes.ts";
import { readNumeral } from "../formats/numeral.ts";
import { type NullTokenClass, nullTokenClass } from "./null-tokens.ts";

/** A column is of numbers, dates, times or codes when at least this share of its cells hold a digit. */
const WITH_DIGITS = 0.95;
/** A dash may stand for a missing number, date or time when at least this share of the cells are one. */
const TYPED = 0.9;
/** Filled cells that it takes to know what a column holds. */
const FEWEST = 10;
/** Enough distinct values to know what a column's texts look like. */
const VALUES_TO_JUDGE = 5_000;
/** A token that looks like this share of its column's values may be one of them. */
const SAME_LOOK = 0.05;

/** What the rest of a column looks like. */
export interface Surroundings {
  /** Filled values that are no token. */
  readonly others: readonly ValueWithCount[];
  /** The table has empty cells too: a spelling is then not its way to say "missing". */
  readonly emptyElsewhere: boolean;
}

/** How sure it is that a token means "missing" where it stands, in [0, 1]; undefined when it may be a value. */
export function nullConfidence(
  token: string,
  kind: NullTokenClass,
  { others, emptyElsewhere }: Surroundings,
): number | undefined {
  const filled = cells(others);
  if (filled === 0) return undefined;
  const sure = confidenceAmong(token, kind, { others, emptyElsewhere }, filled);
  // Among so few cells nothing is out of place.
  return sure !== undefined && filled < FEWEST ? Math.min(sure, 0.6) : sure;
}

function confidenceAmong(
  token: string,
  kind: NullTokenClass,
  { others, emptyElsewhere }: Surroundings,
  filled: number,
): number | undefined {
  const digits = cells(others.filter(({ value }) => /\d/.test(value)));
  if (kind === "dash" && cells(others.filter(({ value }) => isTyped(value))) < TYPED * filled)
    return undefined;
  if (digits >= WITH_DIGITS * filled) {
    if (kind === "word" && !emptyElsewhere) return 0.4;
    return kind === "mark" ? 0.97 : 0.9;
  }
  if (kind !== "mark") return undefined;
  const look = lookOf(token);
  const alike = cells(others.filter(({ value }) => lookOf(value) === look));
  return alike >= SAME_LOOK * filled ? undefined : 0.92;
}

/** A number, date or time: a dash means nothing of that kind. */
function isTyped(text: string): boolean {
  const bare = text.trim();
  return [readNumeral, readDate, clockFormOf].some((read) => read(bare) !== undefined);
}

async function proposeNulls(context: GeneratorContext): Promise<Proposal[]> {
  const hit = context.profile.columns.filter(
    ({ name, nullTokens }) => nullTokens.length > 0 && context.columns.includes(name),
  );
  const around = await readValues(
    context,
    hit.map(({ name }) => name),
    { limit: VALUES_TO_JUDGE },
  );
  const emptyElsewhere = context.profile.columns.some(({ nulls }) => nulls > 0);
  return hit.flatMap(({ name, nullTokens }, place) => {
    const spellings = new Set(nullTokens.map(({ value }) => value));
    const others = (around[place]?.values ?? []).filter(
      ({ value }) => !spellings.has(value) && !nullTokenClass(value),
    );
    return columnProposals(name, nullTokens, { others, emptyElsewhere });
  });
}

/** One step for each confidence. */
function columnProposals(
  column: string,
  tokens: readonly ValueWithCount[],
  surroundings: Surroundings,
): Proposal[] {
  const byConfidence = new Map<number, ValueWithCount[]>();
  for (const token of tokens) {
    // What the profile takes for a token and this list does not know, a user has named.
    const kind = nullTokenClass(token.value) ?? "mark";
    const confidence = nullConfidence(token.value, kind, surroundings);
    if (confidence === undefined) continue;
    byConfidence.set(confidence, [...(byConfidence.get(confidence) ?? []), token]);
  }
  return [...byConfidence].map(([confidence, list]): Proposal => {
    const changes = list.map(({ value, count }): Change => ({ old: value, new: null, count }));
    const spellings = [...new Set(list.map(({ value }) => value.trim()))].toSorted();
    const shown = spellings.map((spelling) => `"${spelling}"`).join(", ");
    return {
      step: {
        operation: "clear_null_tokens",
        columns: [column],
        args: { tokens: spellings },
        onFail: "keep",
        evidence: changeEvidence(
          `${shown} in ${cellCount(cells(list))} says that a value is missing and looks like none of the column's other values.`,
          changes,
          { support: cells(surroundings.others) },
        ),
      },
      confidence,
      intent: "repair",
    };
  });
}

/** Generator `nulls`. */
export const nulls = defineGenerator({
  name: "nulls",
  title: "Spellings that stand for a missing value",
  wave: "values",
  order: 20,
  propose: (context) =>
    context.options.nullTokens === "keep" ? Promise.resolve([]) : proposeNulls(context),
});
