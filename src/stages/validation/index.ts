/** Validation: a candidate in, a verdict out. */
export { Constraint, ValidationOptions } from "./options.ts";
export { RuleOutcome, StepRisk, Verdict } from "./verdict.ts";
