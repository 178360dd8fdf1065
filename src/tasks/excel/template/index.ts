/** Templates: workbooks that are filled with rows and values, and otherwise stay as they are. */
export { fillTemplate, type TemplateFill } from "./fill-template.ts";
