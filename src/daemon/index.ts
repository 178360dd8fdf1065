/** Daemon: continuous operation: what is due is started, what was interrupted is taken up, all is watched. */
export { type DaemonCommands, daemonCommands } from "./commands.ts";
export type { DaemonDeps, Workshop } from "./workshop.ts";
