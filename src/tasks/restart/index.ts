/** Kind `restart`: the machine, or the service, started anew in the course of a run. */
export { restart } from "./restart.ts";
