/** Kind `prepare`: all stages, from the file that came in to the cleaned table. */
export { prepare, PrepareOptions, prepareRequest, readsAccountInputs } from "./prepare.ts";
