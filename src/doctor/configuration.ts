/** Whether a configuration holds, and the modules that it names. */
import { type LoadOptions, loadSettings, type Settings } from "../config/index.ts";
import type { HealthCheck } from "../orchestration/index.ts";
import { counted, failedBy, ok, warning } from "./findings.ts";

export interface Configured {
  /** Undefined when there is none that holds. */
  readonly settings: Settings | undefined;
  readonly checks: readonly HealthCheck[];
}

const NAME = "configuration";

/** The settings of a configuration file, or every mistake in it. */
export async function configurationChecks(
  path: string | undefined,
  options: Required<Pick<LoadOptions, "env" | "cwd" | "loadModule">>,
): Promise<Configured> {
  if (path === undefined) {
    const text = "None is named: only the machine and the store are looked at.";
    const none = warning(NAME, text, "Name it with --config.");
    return { settings: undefined, checks: [none] };
  }
  try {
    // whichever workflow: all of them are looked at
    const settings = await loadSettings(path, { ...options, workflow: null });
    return { settings, checks: [ok(NAME, summaryOf(settings)), ...moduleChecks(settings)] };
  } catch (error) {
    return { settings: undefined, checks: [failedBy(NAME, error)] };
  }
}

function summaryOf({ configPath, accounts, workflows, schedules }: Settings): string {
  const parts = [
    counted(accounts.length, "account"),
    counted(workflows.length, "workflow"),
    counted(schedules.length, "schedule"),
  ];
  return `${configPath}: ${parts.join(", ")}`;
}

/** A module that cannot be loaded is a mistake of the configuration: here all are. */
function moduleChecks({ modules }: Settings): HealthCheck[] {
  return modules.length === 0 ? [] : [ok("modules", `${counted(modules.length, "module")} loaded`)];
}
