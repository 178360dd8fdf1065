/** Chooses among what a configuration names. */
import { didYouMean, WranglerError } from "../core/index.ts";
import type { Settings } from "./settings.ts";

/** The workflow that is meant when none is named. */
const DEFAULT_WORKFLOW = "default";

/**
 * The settings with only these accounts, in the file's order.
 *
 * @throws {WranglerError} ACCOUNT_UNKNOWN, naming the known ones.
 */
export function selectAccounts(settings: Settings, ids: readonly string[]): Settings {
  const known = settings.accounts.map(({ id }) => id);
  const unknown = [...new Set(ids)].filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    const asked = unknown.map(
      (id) => `Expected a known account, got "${id}".${didYouMean(id, known)}`,
    );
    const reason = [...asked, `Known: ${known.join(", ")}.`].join(" ");
    throw new WranglerError("ACCOUNT_UNKNOWN", reason, { unknown, known });
  }
  return { ...settings, accounts: settings.accounts.filter(({ id }) => ids.includes(id)) };
}

/**
 * The name of the workflow asked for; of the only one, or of `default`, when none is.
 *
 * @throws {WranglerError} WORKFLOW_UNKNOWN, naming the known ones.
 */
export function selectWorkflow(known: readonly string[], asked?: string): string {
  const wanted = asked ?? workflowByDefault(known);
  if (wanted !== undefined && known.includes(wanted)) return wanted;
  const reason =
    asked === undefined
      ? `Expected one of several to be named, or one called "${DEFAULT_WORKFLOW}".`
      : `Expected a known workflow, got "${asked}".${didYouMean(asked, known)}`;
  throw new WranglerError("WORKFLOW_UNKNOWN", `${reason} Known: ${known.join(", ")}.`, { known });
}

/** The workflow that is meant when none is named: the only one, or `default`; nothing when neither is there. */
export function workflowByDefault(known: readonly string[]): string | undefined {
  const [only, ...others] = known;
  return others.length === 0 ? only : known.find((name) => name === DEFAULT_WORKFLOW);
}
