import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { WranglerError } from "../core/index.ts";
import type { ProgressEvent, RunHappening, RunRecord, TaskStatus } from "../orchestration/index.ts";
import type { SlotRecord } from "../schedule/index.ts";
import { AccountFiles } from "./account-files.ts";
import { AccountJournal } from "./account-journal.ts";
import { Artifacts } from "./artifacts.ts";
import { cipherOf } from "./cipher.ts";
import type { EventRows } from "./event-rows.ts";
import { type Claim, runLost } from "./group-commit.ts";
import type { JournalView } from "./journal-view.ts";
import { DEFAULT_LEASE_MS, type Lease } from "./leases.ts";
import { checkAccount, checkRunId, runOfThread } from "./names.ts";
import type { Owner } from "./owner.ts";
import { prune, type PruneDeps, type PruneLimits, type Pruned } from "./prune.ts";
import { mergeEvents, RunEvents } from "./run-events.ts";
import { type RunAction, RunFile } from "./run-file.ts";
import { recoverSlots } from "./recover-slots.ts";
import type { RunStore } from "./runs.ts";
import { FencedSaver } from "./saver.ts";
import { type ServicePost, servicePost } from "./service-row.ts";
import type { SlotLedger } from "./slot-ledger.ts";
import type { AccountStore, RunEnd, Store, StoreOptions } from "./store.ts";
import type { LatestTask } from "./task-history.ts";
import { copyTasks, resetTasks } from "./task-moves.ts";

/**
 * Open the store of a folder, or make it.
 *
 * @throws {WranglerError} STORE_UNUSABLE when it cannot be opened or is of another version,
 *   STORE_LOCKED when it was made with another key, or without one.
 */
export function openStore(folder: string, options: StoreOptions = {}): Store {
  return new FolderStore(folder, options);
}

class FolderStore implements Store {
  readonly runs: RunStore;
  readonly slots: SlotLedger;
  readonly service: ServicePost;
  readonly checkpointer: BaseCheckpointSaver;
  readonly #runFile: RunFile;
  readonly #accounts: AccountFiles;
  readonly #artifacts: Artifacts;
  readonly #events = new RunEvents();
  /** By run and account. */
  readonly #open = new Map<string, Map<string, AccountStore>>();

  readonly #now: () => number;

  constructor(
    folder: string,
    { key, leaseMs = DEFAULT_LEASE_MS, now = () => Date.now() }: StoreOptions,
  ) {
    this.#now = now;
    const cipher = key && cipherOf(key);
    this.#runFile = new RunFile(folder, cipher, leaseMs);
    this.#artifacts = new Artifacts(folder, cipher);
    const { leases } = this.#runFile;
    this.#accounts = new AccountFiles({ folder, cipher, artifacts: this.#artifacts, leases });
    this.runs = this.#runFile.runs;
    this.slots = this.#runFile.slots;
    const { database, codec, queue } = this.#runFile;
    this.service = servicePost(database, leases);
    const claimOf = (threadId: string) => leases.claim(runOfThread(threadId));
    this.checkpointer = new FencedSaver({ database, codec, queue, claimOf });
  }

  take(runId: string): Lease {
    const { leases } = this.#runFile;
    const token = leases.take(checkRunId(runId));
    const lost = leases.held(runId)?.lost;
    if (!lost) throw runLost(runId);
    // What another process told of the run since we last had it.
    this.#flush(runId);
    this.#open.delete(runId);
    this.#events.forget(runId);
    this.#events.countFrom(runId, this.#lastSeq(runId));
    return {
      token,
      lost,
      isHeld: () => leases.isOurs(runId, token),
      release: () => {
        if (leases.held(runId)?.token !== token) return;
        this.#flush(runId);
        leases.release(runId, token);
        this.#open.delete(runId);
        this.#events.forget(runId);
      },
    };
  }

  holder(runId: string): Owner | undefined {
    return this.#runFile.leases.holder(checkRunId(runId));
  }

  openAccount(runId: string, account: string): AccountStore {
    const record = this.#known(runId);
    const { leases } = this.#runFile;
    const claim = leases.claim(runId);
    const { token } = claim;
    if (token === undefined || !leases.isOurs(runId, token)) throw runLost(runId);
    const known = this.#open.get(runId)?.get(account);
    if (known) return known;
    const file = this.#accounts.open(account);
    file.raiseFence(runId, token, record.workflow);
    this.#events.countFrom(runId, file.events.last(runId));
    const journal = new AccountJournal({
      claim,
      account,
      file,
      artifacts: this.#artifacts,
      announce: () => this.#events.announce(runId),
      now: this.#now,
    });
    const { database, codec, queue } = file;
    const claimOf = (threadId: string) => ownThread(threadId, claim);
    const opened: AccountStore = {
      journal,
      checkpointer: new FencedSaver({ database, codec, queue, claimOf }),
      close: async () => {
        if (this.#open.get(runId)?.get(account) === opened) this.#open.get(runId)?.delete(account);
        await journal.close();
      },
    };
    this.#open.set(runId, (this.#open.get(runId) ?? new Map()).set(account, opened));
    return opened;
  }

  readAccount(runId: string, account: string): JournalView {
    checkRunId(runId);
    checkAccount(account);
    const existing = () => this.#accounts.existing(account);
    return {
      tasks: () => existing()?.journal.tasks(runId) ?? [],
      attempts: (task) => existing()?.journal.attempts(runId, task) ?? [],
      effects: (task) => existing()?.journal.effects(runId, task) ?? [],
      stages: () => existing()?.journal.stages(runId) ?? [],
      events: (afterSeq = 0) => existing()?.events.after(runId, afterSeq) ?? [],
    };
  }

  recordRunEvent(runId: string, happening: RunHappening): Promise<void> {
    return this.#record(runId, happening, () => {});
  }

  finishRun(runId: string, { status, endedAt, durationMs, waitsFor }: RunEnd): Promise<void> {
    return this.#record(runId, { type: "run-finished", status, durationMs }, () => {
      if (endedAt === null) this.runs.setStatus(runId, status, waitsFor);
      else this.runs.end(runId, status, endedAt);
      this.clearRequest(runId);
    });
  }

  /** In one transaction with what `also` writes. */
  async #record(runId: string, happening: RunHappening, also: () => void): Promise<void> {
    const { queue, events } = this.#runFile;
    const at = new Date(this.#now()).toISOString();
    const news = this.#events.announce(checkRunId(runId));
    let told: ProgressEvent[] = [];
    const write = () => {
      news.drop();
      also();
      told = [events.add(runId, happening, at, news)];
    };
    await queue.write(this.#runFile.leases.claim(runId), {
      write,
      done: () => news.tell(told),
      failed: () => news.drop(),
    });
    await this.#events.told(runId);
  }

  runEvents(runId: string, afterSeq = 0): ProgressEvent[] {
    this.#runFile.queue.commit();
    return mergeEvents(this.#eventFiles(runId), runId, afterSeq);
  }

  onEvent(runId: string, listener: (event: ProgressEvent) => void): () => void {
    return this.#events.listen(checkRunId(runId), listener);
  }

  request(runId: string, action: RunAction): void {
    this.#runFile.request(runId, action);
  }

  requested(runId: string): RunAction | undefined {
    return this.#runFile.requested(runId);
  }

  clearRequest(runId: string): void {
    this.#runFile.clearRequest(runId);
  }

  async copyTasks(
    fromRunId: string,
    toRunId: string,
    account: string,
    tasks: readonly string[],
  ): Promise<void> {
    const from = this.readAccount(fromRunId, account);
    await copyTasks(from, fromRunId, this.openAccount(toRunId, account).journal, tasks);
  }

  async resetTasks(
    runId: string,
    account: string,
    tasks: readonly string[],
    round: number,
    keepEffects = false,
  ): Promise<void> {
    await resetTasks(this.openAccount(runId, account).journal, tasks, round, keepEffects);
  }

  durations(workflow: string, account: string): ReadonlyMap<string, number> {
    return (
      this.#accounts.existing(account)?.history.durations(workflow) ?? new Map<string, number>()
    );
  }

  latestTasks(
    workflow: string,
    account: string,
    beforeRunId?: string,
    statuses?: readonly TaskStatus[],
  ): ReadonlyMap<string, LatestTask> {
    const file = this.#accounts.existing(account);
    return file?.history.latest(workflow, beforeRunId, statuses) ?? new Map<string, LatestTask>();
  }

  compact(runId: string): void {
    const { accounts } = this.#known(runId);
    const { leases, checkpoints, queue } = this.#runFile;
    // Ours, or nobody's while it is done.
    const token = leases.held(runId) ? undefined : leases.take(runId);
    try {
      queue.commit();
      checkpoints.compact(runId);
      for (const account of accounts) this.#accounts.existing(account)?.checkpoints.compact(runId);
    } finally {
      if (token !== undefined) leases.release(runId, token);
    }
  }

  recoverSlots(now: string, runId?: string): SlotRecord[] {
    return recoverSlots(this.#upkeep(), now, runId);
  }

  prune(limits: PruneLimits, now = new Date(this.#now())): Promise<Pruned> {
    return Promise.resolve(prune(this.#upkeep(), limits, now));
  }

  close(): void {
    this.#flush();
    this.#accounts.close();
    this.#runFile.close();
  }

  #upkeep(): PruneDeps {
    this.#flush();
    const [runFile, accounts, artifacts] = [this.#runFile, this.#accounts, this.#artifacts];
    return { runFile, accounts, artifacts };
  }

  #flush(runId?: string): void {
    this.#runFile.queue.flush(runId);
    this.#accounts.flush(runId);
  }

  #known(runId: string): RunRecord {
    const record = this.runs.get(checkRunId(runId));
    if (!record) throw new WranglerError("RUN_UNKNOWN", `Run ${runId}.`, { runId });
    return record;
  }

  /** A damaged file of an account is found when the account is opened: the others can go on. */
  #lastSeq(runId: string): number {
    const accounts = this.runs.get(runId)?.accounts ?? [];
    const last = accounts.map((account) => {
      try {
        return this.#accounts.existing(account)?.events.last(runId) ?? 0;
      } catch {
        return 0;
      }
    });
    return Math.max(this.#runFile.events.last(runId), ...last);
  }

  #eventFiles(runId: string): EventRows[] {
    const accounts = this.runs.get(checkRunId(runId))?.accounts ?? [];
    const files = accounts.flatMap((account) => this.#accounts.existing(account) ?? []);
    return [this.#runFile.events, ...files.map((file) => file.events)];
  }
}

/** An account's saver is given for one run; a thread of another one is a mistake of the caller. */
function ownThread(threadId: string, claim: Claim): Claim {
  if (runOfThread(threadId) === claim.runId) return claim;
  throw new WranglerError("INTERNAL", `Expected a thread of run ${claim.runId}, got ${threadId}.`);
}
