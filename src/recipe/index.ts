/** Recipe: the transformation language, from steps as data to staged SQL. */
export { checkRecipe, columnsOut } from "./check.ts";
export { type CompileContext, compileRecipe, type Targets } from "./compile.ts";
export { describeStep } from "./describe.ts";
export { executeRecipe, type Execution, type ExecutionRequest } from "./execute.ts";
export {
  type CheckedStep,
  type Operation,
  type OperationDefinition,
  type StepWords,
} from "./operation.ts";
export { defineOperation, findOperation, operationNames } from "./registry.ts";
export type { CellExpression } from "./cell-program.ts";
export type { Plan } from "./plan.ts";
export { Evidence, Predicate, Recipe, Step } from "./step.ts";
