/** CLI: the command line over the app's interface. */
export {
  type AppOptions,
  type Host,
  type InterruptSignal,
  processHost,
  type Sink,
} from "./host.ts";
export { main } from "./main.ts";
export { buildProgram } from "./program.ts";
