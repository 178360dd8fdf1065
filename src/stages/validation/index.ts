/** Validation: a candidate in, a verdict out. */
export {
  type ConstraintContext,
  type ConstraintDefinition,
  defineConstraint,
} from "./constraint.ts";
export { Constraint, ValidationOptions } from "./options.ts";
export { type Leak, leaksOf } from "./rules/leakage.ts";
export type { ValidationRequest } from "./trial.ts";
export { validateCandidate } from "./validate.ts";
export { RuleOutcome, StepRisk, Verdict } from "./verdict.ts";
export { wilsonLower, wilsonUpper } from "./wilson.ts";
