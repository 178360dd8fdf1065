/** Outputs: the files that a dataset's run leaves, whole or not at all. */
export { publish, standing } from "./publish.ts";
export { portableDataset, type TableOutputs, writeTables } from "./tables.ts";
