/** Formats: numbers, quantities, dates and times in the form of their column. */
export { formats } from "./formats.ts";
