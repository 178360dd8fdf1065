/** Swaps: rows in which two columns hold each other's values. */
export { swaps } from "./swaps.ts";
