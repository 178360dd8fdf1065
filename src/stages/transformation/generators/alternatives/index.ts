/** Alternatives: cells that list several values where one is due. */
export { alternatives } from "./alternatives.ts";
