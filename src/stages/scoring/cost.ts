/** What a candidate's changes cost, and what they are worth. */
import type { Verdict } from "../validation/index.ts";
import type { TableCells } from "./cells.ts";
import type { Score } from "./score.ts";

/** A column at least this pure had nothing to gain from being written anew. */
const PURE = 0.99;

/** What a candidate's changes come to, in cells. */
export interface Worth {
  /** Cells filled, cleared or made to say something else, less the expected corruptions. */
  readonly repairs: number;
  /** Cells that say the same in another form, in columns that were uniform already. */
  readonly needless: number;
  /** Changed cells that were likely right before. */
  readonly corruptions: number;
}

/** What the changes of a verdict's recipe are worth, given the cells of the table as loaded. */
export function worthOf({ measures, risks, recipe }: Verdict, before: TableCells): Worth {
  const written = new Set(recipe.steps.map(({ id }) => id));
  const corruptions = risks
    .filter(({ stepId }) => written.has(stepId))
    .reduce((sum, risk) => sum + risk.cleanChanged + guessedWrong(risk), 0);
  const pure = new Set(
    before.columns
      .filter(({ valid, filled, tokens }) => valid >= (filled + tokens) * PURE)
      .map(({ name }) => name),
  );
  const sum = (count: (change: Verdict["measures"]["changes"][number]) => number) =>
    measures.changes.reduce((total, change) => total + count(change), 0);
  const meant = sum(({ filled, cleared, repaired }) => filled + cleared + repaired);
  return {
    repairs: Math.max(0, meant - corruptions),
    needless: sum(({ column, rerendered }) => (pure.has(column) ? rerendered : 0)),
    corruptions,
  };
}

/** Changes of a step that are wrong if it errs as it did on noise. */
function guessedWrong({ changed, restored, misrestored }: Verdict["risks"][number]): number {
  const written = restored + misrestored;
  return written === 0 ? 0 : (changed * misrestored) / written;
}

/** Bits that it takes to write down a recipe: the text of its steps, without evidence and provenance. */
export function recipeBits({ steps }: Verdict["recipe"]): number {
  return steps.reduce((sum, { operation, columns, args, where, guard, onFail }) => {
    const text = JSON.stringify([operation, columns, args, where ?? null, guard ?? null, onFail]);
    return sum + Buffer.byteLength(text) * 8;
  }, 0);
}

/** The cost part of a score. The exceptions to the recipe are the cells that it leaves wrong, each named by its place. */
export function costOf(verdict: Verdict, before: TableCells, after: TableCells): Score["cost"] {
  const { measures, recipe, accounting } = verdict;
  const cells = Math.max(2, after.rows * after.columns.length);
  const invalid = after.columns.reduce(
    (sum, { filled, tokens, valid }) => sum + filled + tokens - valid,
    0,
  );
  const violations = measures.dependencies.reduce((sum, dependency) => sum + dependency.after, 0);
  return {
    cellsChanged: accounting.cellsChanged,
    steps: recipe.steps.length,
    descriptionBits: Math.round(recipeBits(recipe) + (invalid + violations) * Math.log2(cells)),
    expectedCorruptions: worthOf(verdict, before).corruptions,
  };
}
