/** No value comes from a column that is to be predicted later. */
import { didYouMean, WranglerError } from "../../../core/index.ts";
import type { Step } from "../../../recipe/index.ts";
import type { ValidationOptions } from "../options.ts";
import { readsOf } from "../step-reads.ts";
import type { RuleOutcome } from "../verdict.ts";

/** A step that would carry something from a target column into another column. */
export interface Leak {
  readonly stepId: string;
  readonly from: readonly string[];
  readonly into: readonly string[];
}

/** Steps that fill, repair, map or choose the cells of a column by what a target column holds. */
export function leaksOf(steps: readonly Step[], targets: readonly string[]): Leak[] {
  return steps.flatMap((step) => {
    const reads = readsOf(step);
    const from = targets.filter((name) => reads.includes(name));
    const into = step.columns.filter((name) => from.some((target) => target !== name));
    return from.length > 0 && into.length > 0 ? [{ stepId: step.id, from, into }] : [];
  });
}

/**
 * The leakage rule.
 *
 * @throws {WranglerError} COLUMN_UNKNOWN for a target column that the table does not have.
 */
export function leakage(
  steps: readonly Step[],
  columns: readonly string[],
  { targetColumns }: Pick<ValidationOptions, "targetColumns">,
): RuleOutcome {
  const unknown = targetColumns.find((name) => !columns.includes(name));
  if (unknown !== undefined) {
    const reason = `validation.targetColumns: there is no column "${unknown}".${didYouMean(unknown, columns)}`;
    throw new WranglerError("COLUMN_UNKNOWN", reason, { column: unknown });
  }
  const leaks = leaksOf(steps, targetColumns);
  const words = leaks.map(
    ({ stepId, from, into }) => `${stepId} would write ${into.join(", ")} from ${from.join(", ")}`,
  );
  const message =
    leaks.length === 0
      ? `Nothing is written from a target column (${targetColumns.join(", ") || "none is named"}).`
      : `Expected that nothing is written from a target column; ${words.join("; ")}.`;
  return { rule: "leakage", hard: true, passed: leaks.length === 0, message, after: leaks.length };
}
