/** Tasks: the kinds of work that a workflow is made of, one folder a kind; importing it registers them. */
export { builtInKinds } from "./built-in-kinds.ts";
export { command, type ProgramEnd, type ProgramOrder, runProgram } from "./command/index.ts";
export { answer, type Ledger, ledger, type LedgerOptions } from "./effects.ts";
export {
  defineTaskKind,
  type Effect,
  type PrepareRequest,
  type TaskContext,
  type TaskKind,
  taskKind,
  taskKinds,
  type TaskPorts,
} from "./kind.ts";
export { module, type ModuleContext } from "./module/index.ts";
export { performer, type Surroundings } from "./perform.ts";
