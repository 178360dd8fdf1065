/** Kind `workflow`: another workflow of the same configuration. */
export { workflow } from "./workflow.ts";
