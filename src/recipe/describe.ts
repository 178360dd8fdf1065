/** Steps in words. */
import { predicateWords } from "./predicate.ts";
import { findOperation } from "./registry.ts";
import type { Step } from "./step.ts";

/**
 * What a step does, as a sentence without a full stop.
 *
 * @throws {WranglerError} RECIPE_INVALID when there is no such operation.
 * @throws {z.ZodError} When its arguments are not valid; check the recipe first.
 */
export function describeStep(step: Step): string {
  const operation = findOperation(step.operation);
  const sentence = operation.sentence({
    columns: step.columns,
    args: operation.args.parse(step.args),
  });
  const where = step.where ? `, where ${predicateWords(step.where)}` : "";
  const guard = step.guard === undefined ? "" : `, only cells that match ${step.guard}`;
  return `${sentence}${where}${guard}`;
}
