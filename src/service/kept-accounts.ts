import type { Log } from "../core/index.ts";
import type { AttemptRecord, EffectRecord, RunRecord, TaskRecord } from "../orchestration/index.ts";
import type { Store } from "../stores/index.ts";

/** What is on record of one account's part in a run. */
export interface KeptAccount {
  readonly account: string;
  /** Whether its file could be read; nothing is known of its tasks otherwise. */
  readonly isReadable: boolean;
  readonly tasks: readonly TaskRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly effects: readonly EffectRecord[];
}

/** By account, as they were asked for. The damaged file of one hides nothing of the others. */
export function keptAccounts(
  store: Store,
  { runId, accounts }: Pick<RunRecord, "runId" | "accounts">,
  log: Log,
): KeptAccount[] {
  return accounts.map((account) => {
    try {
      const view = store.readAccount(runId, account);
      const [tasks, attempts, effects] = [view.tasks(), view.attempts(), view.effects()];
      return { account, isReadable: true, tasks, attempts, effects };
    } catch (error) {
      log.error({ account, err: error }, "the records of the account cannot be read");
      return { account, isReadable: false, tasks: [], attempts: [], effects: [] };
    }
  });
}
