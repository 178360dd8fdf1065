/** Engine: DuckDB in a child process; loads files into staged tables and writes tables to files. */
export type { Engine, EngineOptions } from "./engine.ts";
export { expandPaths, GLOB, patternOf } from "./load/expand-paths.ts";
export { loadDataset, type LoadRequest } from "./load/load-dataset.ts";
export { partRelations } from "./load/part-relations.ts";
export { soundWorkbook, type WorkbookSheet } from "./load/sound-workbook.ts";
export { workbookParts } from "./load/workbook-parts.ts";
export { startEngine } from "./process.ts";
export { tableRows } from "./write/table-rows.ts";
export { undo, type UndoRequest, type UndoResult } from "./write/undo.ts";
export { writeCleaned, type WriteRequest } from "./write/write-cleaned.ts";
