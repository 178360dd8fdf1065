/** Config: what users write, checked and resolved into settings. */
export { PipelineFile } from "./file.ts";
export { checkConfig, type LoadOptions, loadSettings, settingsFor } from "./load.ts";
export { pipelineSchema } from "./pipeline-schema.ts";
export { settingsOfInputs } from "./resolve.ts";
export { pipelineReference } from "./reference.ts";
export { selectAccounts, selectWorkflow } from "./select.ts";
export {
  AccountSettings,
  EngineSettings,
  InputSettings,
  OutputOptions,
  ServiceSettings,
  Settings,
} from "./settings.ts";
