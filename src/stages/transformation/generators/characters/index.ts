/** Characters: stray characters in cells. */
export { characters } from "./characters.ts";
