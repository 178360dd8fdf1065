/** Spills: tokens in the wrong column. */
export { spills } from "./spills.ts";
