/** Who may run when: limits of what runs at once, kept for all runs of a process. */
import { Aborts } from "./aborts.ts";
import type { ParallelLimits } from "../workflow.ts";

/** What holds for all runs of a process, whatever their configurations say. */
export interface ProcessLimits {
  /** Tasks at once that compute much. */
  readonly heavy: number;
}

/** A task that wants to run. */
export interface PlaceWanted {
  readonly account: string;
  readonly runId: string;
  /** Those of its run's configuration. */
  readonly limits: ParallelLimits;
  /** Tasks of this account in this run at once; null: no limit. */
  readonly maxParallelOfRun: number | null;
  readonly kind: string;
  readonly heavy: boolean;
  /** Named limits that it takes one place of; those without a limit do not hinder it. */
  readonly named: readonly string[];
  /** Of what waits in an account the highest goes first; 0 when left out. */
  readonly priority?: number;
}

/** What is taken. */
export interface Usage {
  readonly running: number;
  readonly waiting: number;
  /** Places taken by key: `global`, `heavy`, `account:ID`, `kind:NAME`, `named:NAME`, `run:[…]`. */
  readonly places: ReadonlyMap<string, number>;
}

/** See {@link limiter}. */
export interface Limiter {
  /**
   * Wait for a place under every limit of its run that the request falls under. What others run counts
   * against them, under whatever limits they were admitted.
   *
   * @returns Gives the place back; doing so again does nothing.
   * @throws The signal's reason when it aborts before there is a place.
   */
  acquire(wanted: PlaceWanted, signal?: AbortSignal): Promise<() => void>;
  inUse(): Usage;
}

/** How often others may go before a request whose turn it is. */
const PATIENCE = 100;

/** A request in its queue. */
interface Waiting {
  /** Order of arrival. */
  readonly order: number;
  readonly queue: Queue;
  readonly admit: () => void;
  passed: number;
  /** Once it has been passed too often: the keys that it was found to lack since. They are kept free for it. */
  reserved: Set<string> | null;
}

/**
 * Requests of one account that need the same keys under the same limits and are as urgent: the first
 * of them stands for all.
 */
interface Queue {
  readonly account: string;
  readonly name: string;
  /** What is taken one place of each, and how many places each has; null: no limit. */
  readonly keys: ReadonlyMap<string, number | null>;
  readonly priority: number;
  readonly waiting: Set<Waiting>;
}

/**
 * A limiter. No request is admitted beyond a limit of its run. Among accounts the one least recently served comes first;
 * within an account the one of highest priority, of equal ones the first that came. A request that
 * cannot go does not block those behind it, until it was passed 100 times although it was its turn: from then on nothing else is
 * admitted that needs a key it was found to lack.
 *
 * An admission looks at one request for each account, set of keys with their limits, and priority that
 * waits, whatever the number of requests.
 */
export function limiter(limits: ProcessLimits): Limiter {
  const state = new Admission(limits);
  return {
    acquire: (wanted, signal) => state.acquire(wanted, signal),
    inUse: () => state.usage(),
  };
}

class Admission {
  readonly #heavy: number;
  readonly #places = new Map<string, number>();
  /** By account, then by name. */
  readonly #queues = new Map<string, Map<string, Queue>>();
  /** When each account was served last, by a count of admissions. */
  readonly #served = new Map<string, number>();
  /** Requests that were passed too often, the first such first. */
  readonly #starving = new Set<Waiting>();
  readonly #aborts = new Aborts(() => this.admitAll());
  #arrivals = 0;
  #admissions = 0;
  #waiting = 0;
  /** How many wait by the limit of all tasks that holds for them. */
  readonly #waitingUnder = new Map<number | null, number>();

  constructor({ heavy }: ProcessLimits) {
    this.#heavy = heavy;
  }

  usage(): Usage {
    const running = this.#places.get("global") ?? 0;
    return { running, waiting: this.#waiting, places: new Map(this.#places) };
  }

  async acquire(wanted: PlaceWanted, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    const queue = this.#queueOf(wanted);
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#remove(waiting);
        reject(signal?.reason);
      };
      const stay = signal ? this.#aborts.on(signal, leave) : () => {};
      const waiting: Waiting = {
        order: this.#arrivals++,
        queue,
        admit: () => {
          stay();
          resolve();
        },
        passed: 0,
        reserved: null,
      };
      queue.waiting.add(waiting);
      this.#count(queue, 1);
      // What waited before could not go and still cannot: unless the new one may, nothing changes.
      if (first(queue) === waiting && this.#mayGo(waiting)) this.admitAll();
    });
    return this.#releaseOf(queue.keys);
  }

  /** Admit whatever may go now. */
  admitAll(): void {
    while (this.#waiting > 0 && this.#admitNext());
  }

  /** Admit the next that may go; those before it were passed. */
  #admitNext(): boolean {
    // Most often there is no room for any more, whoever they are.
    if (![...this.#waitingUnder.keys()].some((limit) => this.#hasRoom("global", limit)))
      return false;
    const passed: Waiting[] = [];
    for (const waiting of this.#turns()) {
      if (this.#mayGo(waiting)) {
        this.#admit(waiting);
        for (const other of passed) this.#pass(other);
        return true;
      }
      passed.push(waiting);
    }
    return false;
  }

  /** Requests in the order of their turns: starving ones, then account by account. */
  #turns(): Waiting[] {
    const accounts = [...this.#queues.entries()].map(([account, queues]) => ({
      served: this.#served.get(account) ?? -1,
      heads: [...queues.values()].map(first).filter(isPatient),
    }));
    const inTurn = accounts
      .toSorted((a, b) => a.served - b.served)
      .flatMap(({ heads }) => heads.toSorted(byUrgency));
    return [...this.#starving, ...inTurn];
  }

  #mayGo(waiting: Waiting): boolean {
    for (const key of waiting.queue.keys.keys()) if (this.#lacksFor(waiting, key)) return false;
    return true;
  }

  /** Whether a key has no place for a request: it is full, or kept for one that starves longer. */
  #lacksFor(waiting: Waiting, key: string): boolean {
    if (!this.#hasRoom(key, waiting.queue.keys.get(key) ?? null)) return true;
    for (const starving of this.#starving) {
      if (starving === waiting) return false;
      if (starving.reserved?.has(key)) return true;
    }
    return false;
  }

  #hasRoom(key: string, limit: number | null): boolean {
    return limit === null || (this.#places.get(key) ?? 0) < limit;
  }

  #pass(waiting: Waiting): void {
    waiting.passed++;
    if (waiting.passed < PATIENCE) return;
    waiting.reserved ??= new Set();
    this.#starving.add(waiting);
    for (const key of waiting.queue.keys.keys()) {
      if (this.#lacksFor(waiting, key)) waiting.reserved.add(key);
    }
  }

  #admit(waiting: Waiting): void {
    const { account, keys } = waiting.queue;
    this.#remove(waiting);
    for (const key of keys.keys()) this.#places.set(key, (this.#places.get(key) ?? 0) + 1);
    this.#served.set(account, this.#admissions++);
    waiting.admit();
  }

  #remove(waiting: Waiting): void {
    const { queue } = waiting;
    queue.waiting.delete(waiting);
    this.#starving.delete(waiting);
    this.#count(queue, -1);
    if (queue.waiting.size > 0) return;
    const queues = this.#queues.get(queue.account);
    queues?.delete(queue.name);
    if (queues?.size === 0) this.#queues.delete(queue.account);
  }

  #count({ keys }: Queue, more: 1 | -1): void {
    this.#waiting += more;
    const limit = keys.get("global") ?? null;
    const waiting = (this.#waitingUnder.get(limit) ?? 0) + more;
    if (waiting > 0) this.#waitingUnder.set(limit, waiting);
    else this.#waitingUnder.delete(limit);
  }

  #queueOf(wanted: PlaceWanted): Queue {
    const { account, priority = 0 } = wanted;
    const keys = keysOf(wanted, this.#heavy);
    const name = JSON.stringify([priority, ...keys]);
    const queues = this.#queues.get(account) ?? new Map<string, Queue>();
    this.#queues.set(account, queues);
    const queue = queues.get(name) ?? { account, name, keys, priority, waiting: new Set() };
    queues.set(name, queue);
    return queue;
  }

  #releaseOf(keys: Queue["keys"]): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      for (const key of keys.keys()) {
        const left = (this.#places.get(key) ?? 0) - 1;
        if (left > 0) this.#places.set(key, left);
        else this.#places.delete(key);
      }
      this.admitAll();
    };
  }
}

/** Keys that a request takes one place of each, and their limits; unlimited ones count for others too. */
function keysOf(
  { account, runId, maxParallelOfRun, kind, heavy, named, limits }: PlaceWanted,
  mostHeavy: number,
): ReadonlyMap<string, number | null> {
  return new Map([
    ["global", limits.global],
    [`account:${account}`, limitIn(limits.accounts, account)],
    [`run:${JSON.stringify([runId, account])}`, maxParallelOfRun],
    [`kind:${kind}`, limitIn(limits.kinds, kind)],
    ...(heavy ? [["heavy", mostHeavy] as const] : []),
    ...named.toSorted().map((name) => [`named:${name}`, limitIn(limits.named, name)] as const),
  ]);
}

function byUrgency(a: Waiting, b: Waiting): number {
  return b.queue.priority - a.queue.priority || a.order - b.order;
}

function first({ waiting }: Queue): Waiting | undefined {
  const [head] = waiting;
  return head;
}

/** Whether a request waits for its turn; those that starve are asked before all turns. */
function isPatient(waiting: Waiting | undefined): waiting is Waiting {
  return waiting?.reserved === null;
}

function limitIn(table: Readonly<Record<string, number>>, name: string): number | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}
