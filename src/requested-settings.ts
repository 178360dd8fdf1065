/** What a request to run something is about: settings, and the part of the workflow. */
import { loadSettings, type Settings, settingsFor } from "./config/index.ts";
import type { RunRequest, TaskSelection } from "./orchestration/index.ts";
import { loadModule } from "./user-modules.ts";

export function selectionOf(request: RunRequest): TaskSelection | undefined {
  return "select" in request ? request.select : undefined;
}

/** With `anyWorkflow` null it does not matter which one the request leaves open. */
export async function settingsFrom(
  request: RunRequest,
  cwd: string,
  anyWorkflow?: null,
): Promise<Settings> {
  if ("input" in request) return settingsFor({ ...request, cwd });
  const { configPath, accounts, workflow = anyWorkflow } = request;
  return loadSettings(configPath, {
    env: process.env,
    cwd,
    loadModule,
    ...(accounts ? { only: accounts } : {}),
    ...(workflow === undefined ? {} : { workflow }),
  });
}
