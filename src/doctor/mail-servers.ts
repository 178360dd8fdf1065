/** Whether the mail servers of all tasks answer, encrypt and let us in. */
import type { Settings } from "../config/index.ts";
import { isWranglerError, type Json, stableJson } from "../core/index.ts";
import type { HealthCheck } from "../orchestration/index.ts";
import { checkMailServer } from "../tasks/index.ts";
import { failedBy, ok, warning } from "./findings.ts";
import { knownValue, workOf } from "./work.ts";

const NAME = "mail server";

/** For each server; a person waits. */
const PATIENCE_MS = 20_000;

/** One check for each server that some task has, under each name that it logs in with. */
export async function mailServerChecks(
  settings: Settings,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<HealthCheck[]> {
  const servers = new Map<string, Json>();
  const unknown = new Set<string>();
  for (const { place, options } of workOf(settings, "email")) {
    for (const account of settings.accounts) {
      try {
        const server = knownValue(options["server"], account, env);
        if (server !== undefined) servers.set(stableJson(server), server);
      } catch (error) {
        if (!isWranglerError(error) || error.code !== "SECRET_MISSING") throw error;
        unknown.add(place);
      }
    }
  }
  const untried = [...unknown].map((place) =>
    warning(NAME, `${place}: not tried, a secret is missing`, "See secrets."),
  );
  const tried = [...servers.values()].map((server) => checked(server, settings, signal));
  return [...(await Promise.all(tried)), ...untried];
}

async function checked(
  server: Json,
  { configFolder }: Settings,
  signal: AbortSignal,
): Promise<HealthCheck> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const found = await checkMailServer(server, { configFolder, signal: patience });
    const { host, port, encrypted, loggedIn } = found;
    const secure = encrypted ? "encrypted" : "not encrypted";
    const login = loggedIn ? "logged in" : "without a login";
    return ok(NAME, `${host}:${port} answers, ${secure}, ${login}`);
  } catch (error) {
    return failedBy(NAME, error);
  }
}
