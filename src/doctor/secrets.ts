/** Whether secrets are there that the configuration names; they are never shown. */
import type { Settings } from "../config/index.ts";
import { secretValue } from "../core/index.ts";
import type { HealthCheck } from "../orchestration/index.ts";
import { counted, type Flaw, messageOf, summed } from "./findings.ts";

export function secretChecks({ accounts }: Settings, env: NodeJS.ProcessEnv): HealthCheck[] {
  const names = new Set(accounts.flatMap(({ secrets }) => Object.values(secrets)));
  if (names.size === 0) return [];
  const flaws = [...names].flatMap((name): Flaw[] => {
    try {
      secretValue(name, env);
      return [];
    } catch (error) {
      return [{ level: "failing", text: messageOf(error) }];
    }
  });
  const remedy =
    "Set the environment variables of the service, or NAME_FILE with the path of a file, or systemd credentials of these names.";
  return [summed("secrets", flaws, { well: `${counted(names.size, "secret")} there`, remedy })];
}
