/** Constants: repairs by rules between two columns that nearly all rows keep. */
export { constants } from "./constants.ts";
