/** Config: what users write, checked and resolved into settings. */
export { PipelineFile } from "./file.ts";
export { type LoadOptions, loadSettings, selectAccounts, settingsFor } from "./load.ts";
export { pipelineReference } from "./reference.ts";
export { pipelineSchema } from "./schema.ts";
export {
  AccountSettings,
  EngineSettings,
  InputSettings,
  OutputOptions,
  Settings,
} from "./settings.ts";
