/** Nulls: spellings that stand for a missing value. */
export { nulls } from "./nulls.ts";
