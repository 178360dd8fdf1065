/** Engine: DuckDB in a child process; loads files into staged tables and writes tables to files. */
export type { Engine, EngineOptions } from "./engine.ts";
export { loadDataset, type LoadRequest } from "./load/load-dataset.ts";
export { startEngine } from "./process.ts";
export { undo, type UndoRequest, type UndoResult } from "./write/undo.ts";
export { writeCleaned, type WriteRequest } from "./write/write-cleaned.ts";
