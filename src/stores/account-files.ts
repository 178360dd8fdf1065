import { existsSync } from "node:fs";
import { AccountFile, type AccountFileDeps, accountPath } from "./account-file.ts";
import { checkAccount } from "./names.ts";

/** The account files of a store, each opened once and kept open. */
export class AccountFiles {
  readonly #deps: Omit<AccountFileDeps, "account">;
  readonly #files = new Map<string, AccountFile>();

  constructor(deps: Omit<AccountFileDeps, "account">) {
    this.#deps = deps;
  }

  /** The file of an account; made when there is none. */
  open(account: string): AccountFile {
    checkAccount(account);
    const known = this.#files.get(account);
    if (known) return known;
    const file = new AccountFile({ ...this.#deps, account });
    this.#files.set(account, file);
    return file;
  }

  /** The file of an account, if there is one; what waits for it is committed before. */
  existing(account: string): AccountFile | undefined {
    checkAccount(account);
    if (!this.#files.has(account) && !existsSync(accountPath(this.#deps.folder, account))) {
      return undefined;
    }
    const file = this.open(account);
    file.queue.commit();
    return file;
  }

  /** Put on disk what waits in all files; if a run is given, in those where something of it does. */
  flush(runId?: string): void {
    for (const file of this.#files.values()) file.queue.flush(runId);
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }
}
