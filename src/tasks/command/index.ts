/** Kind `command`: an external program, and how programs are run and ended. */
export { command } from "./command.ts";
export { commandEnvironment } from "./environment.ts";
export { hasFailedDetached } from "./detached.ts";
export { birthOf } from "./process-birth.ts";
export { type ProgramEnd, type ProgramOrder, runProgram } from "./run-program.ts";
