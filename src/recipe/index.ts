/** Recipe: the transformation language, from steps as data to staged SQL. */
export { Evidence, OnFail, Predicate, Recipe, Step } from "./step.ts";
