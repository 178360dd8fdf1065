/** Name of the workflow, and of its only task, of a configuration that declares no workflows. */
export const DEFAULT_WORKFLOW = "prepare";
