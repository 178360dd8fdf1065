/** Kinds `profile`, `generate`, `validate`, `score`, `rank` and `apply`: the stages one by one. */
export { stages } from "./stages.ts";
