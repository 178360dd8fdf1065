/** Config: what users write, checked and resolved into settings. */
export { AccountSettings, InputSettings, OutputOptions, Settings } from "./settings.ts";
