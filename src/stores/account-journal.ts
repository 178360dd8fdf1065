import { sha256 } from "../core/index.ts";
import type {
  AttemptRecord,
  EffectRecord,
  Journal,
  JournalEntry,
  ProgressEvent,
  RunHappening,
  StageRecord,
  TaskRecord,
} from "../orchestration/index.ts";
import type { AccountFile } from "./account-file.ts";
import type { ArtifactRef, Artifacts } from "./artifacts.ts";
import { type Claim, runLost } from "./group-commit.ts";
import { type DraftRow, draftsOf } from "./journal-rows.ts";
import { RecordMap } from "./record-map.ts";
import type { Announcement } from "./run-events.ts";

export interface JournalDeps {
  readonly claim: Claim;
  readonly account: string;
  readonly file: AccountFile;
  readonly artifacts: Artifacts;
  /** How the events of an entry get their numbers, and are told once they are on disk. */
  readonly announce: () => Announcement;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The journal of one account in one run: all of it in memory, and each change on its way to disk. */
export class AccountJournal implements Journal {
  readonly runId: string;
  readonly account: string;
  readonly #deps: JournalDeps;
  readonly #tasks = new Map<string, TaskRecord>();
  readonly #attempts = new RecordMap<AttemptRecord>(({ round, attempt }) => `${round}.${attempt}`);
  readonly #effects = new RecordMap<EffectRecord>(({ round, effect }) => `${round}.${effect}`);
  readonly #stages = new RecordMap<StageRecord>(({ dataset, stage }) => `${stage}.${dataset}`);
  /** The last commit that waits for a big value, and how many wait. */
  #turn: Promise<unknown> = Promise.resolve();
  #inTurn = 0;
  /** What was put away, by the hash of its text. */
  readonly #stowed = new Map<string, ArtifactRef>();
  /** Why nothing is taken any more: what came after a refused entry would rest on it. */
  #refused: Error | undefined;
  #closed = false;
  readonly #open = new Set<Promise<void>>();

  constructor(deps: JournalDeps) {
    this.#deps = deps;
    this.runId = deps.claim.runId;
    this.account = deps.account;
    const { journal } = deps.file;
    this.#remember({
      tasks: journal.tasks(this.runId),
      attempts: journal.attempts(this.runId),
      effects: journal.effects(this.runId),
      stages: journal.stages(this.runId),
    });
  }

  tasks(): readonly TaskRecord[] {
    return [...this.#tasks.values()];
  }

  task(task: string): TaskRecord | undefined {
    return this.#tasks.get(task);
  }

  attempts(task: string): readonly AttemptRecord[] {
    return this.#attempts.of(task).toSorted(byPlace);
  }

  effects(task: string): readonly EffectRecord[] {
    return this.#effects.of(task);
  }

  stages(): readonly StageRecord[] {
    return this.#stages.all();
  }

  events(): readonly ProgressEvent[] {
    this.#deps.file.queue.commit();
    return this.#deps.file.events.after(this.runId, 0);
  }

  commit(entry: JournalEntry): Promise<void> {
    const done = this.#commit(entry);
    const over = () => void this.#open.delete(done);
    this.#open.add(done);
    done.then(over, over);
    return done;
  }

  /** Resolves when all that was committed is on disk or refused; nothing is taken from then on. */
  async close(): Promise<void> {
    const open = [...this.#open];
    this.#closed = true;
    await Promise.allSettled(open);
  }

  async #commit(entry: JournalEntry): Promise<void> {
    if (this.#closed) throw runLost(this.runId);
    if (this.#refused) throw this.#refused;
    const rows = draftsOf(entry);
    const happenings = [...(entry.happenings ?? [])];
    const at = new Date(this.#deps.now()).toISOString();
    this.#remember(entry);
    try {
      const refs = await this.#stowInTurn(rows);
      if (this.#refused) throw this.#refused;
      await this.#write(rows, refs, happenings, at);
    } catch (error) {
      this.#refused ??= error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  /**
   * Put big values away, and keep the order of the calls while one is on its way. Without any
   * nothing is awaited that takes a turn of the event loop.
   */
  async #stowInTurn(rows: readonly DraftRow[]): Promise<ReadonlyMap<DraftRow, ArtifactRef>> {
    const refs = new Map<DraftRow, ArtifactRef>();
    const big = rows.filter((row) => row.big !== undefined);
    if (big.length === 0 && this.#inTurn === 0) return refs;
    const stow = async () => {
      for (const row of big) refs.set(row, await this.#stow(row.big ?? ""));
    };
    this.#inTurn++;
    this.#turn = this.#turn.then(stow);
    try {
      await this.#turn;
    } finally {
      this.#inTurn--;
    }
    return refs;
  }

  /** A record is committed several times with the same value: one file serves them all. */
  async #stow(text: string): Promise<ArtifactRef> {
    const hash = sha256(text);
    const ref =
      this.#stowed.get(hash) ?? (await this.#deps.artifacts.put(this.runId, this.account, text));
    this.#stowed.set(hash, ref);
    return ref;
  }

  #write(
    rows: readonly DraftRow[],
    refs: ReadonlyMap<DraftRow, ArtifactRef>,
    happenings: readonly RunHappening[],
    at: string,
  ): Promise<void> {
    const { claim, file } = this.#deps;
    const news = this.#deps.announce();
    let events: ProgressEvent[] = [];
    const write = () => {
      news.drop();
      for (const row of rows) file.journal.put(this.runId, row, refs.get(row));
      events = happenings.map((told) => file.events.add(this.runId, told, at, news));
    };
    return file.queue.write(claim, {
      write,
      done: () => news.tell(events),
      failed: () => news.drop(),
    });
  }

  #remember({ tasks, attempts, effects, stages }: JournalEntry): void {
    for (const task of tasks ?? []) this.#tasks.set(task.task, task);
    for (const attempt of attempts ?? []) this.#attempts.put(attempt);
    for (const effect of effects ?? []) this.#effects.put(effect);
    for (const stage of stages ?? []) this.#stages.put(stage);
  }
}

function byPlace(a: AttemptRecord, b: AttemptRecord): number {
  return a.round - b.round || a.attempt - b.attempt;
}
