/** Tasks: the kinds of work that a workflow is made of, one folder a kind; importing it registers them. */
export { builtInKinds } from "./built-in-kinds.ts";
export {
  command,
  type ProgramEnd,
  type ProgramOrder,
  hasFailedDetached,
  runProgram,
} from "./command/index.ts";
export { download } from "./download/index.ts";
export { answer, type Ledger, ledger, type LedgerOptions } from "./effects.ts";
export { checkMailServer, type MailServerCheck } from "./email/index.ts";
export { excel } from "./excel/index.ts";
export {
  defineTaskKind,
  type Effect,
  type HandOverOrder,
  type PrepareRequest,
  type TaskContext,
  type TaskKind,
  taskKind,
  taskKinds,
  type TaskPorts,
} from "./kind.ts";
export { module, type ModuleContext } from "./module/index.ts";
export { performer, type Surroundings } from "./perform.ts";
