/** Engine: DuckDB in a child process; loads files into staged tables and writes tables to files. */
export type { Engine, EngineOptions } from "./engine.ts";
export { startEngine } from "./process.ts";
