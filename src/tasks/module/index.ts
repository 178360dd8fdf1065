/** Kind `module`: a user's own function. */
export { module, type ModuleContext } from "./module.ts";
