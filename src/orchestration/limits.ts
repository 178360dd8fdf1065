/** Who may run when: limits of what runs at once, kept for all runs of a process. */
import { Aborts } from "./aborts.ts";
import type { ParallelLimits } from "./workflow.ts";

/** Limits with that of the tasks that compute much: `heavy` of them at once. */
export type Limits = ParallelLimits & { readonly heavy: number };

/** A task that wants to run. */
export interface PlaceWanted {
  readonly account: string;
  readonly runId: string;
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
   * Wait for a place under every limit that the request falls under.
   *
   * @returns Gives the place back; doing so again does nothing.
   * @throws The signal's reason when it aborts before there is a place.
   */
  acquire(wanted: PlaceWanted, signal?: AbortSignal): Promise<() => void>;
  inUse(): Usage;
  /** New limits hold from now on; those that run already are left to end. */
  setLimits(limits: Limits): void;
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

/** Requests of one account that need the same keys and are as urgent: the first of them stands for all. */
interface Queue {
  readonly account: string;
  readonly keys: readonly string[];
  readonly maxParallelOfRun: number | null;
  readonly priority: number;
  readonly waiting: Set<Waiting>;
}

/**
 * A limiter. No limit is ever exceeded. Among accounts the one least recently served comes first;
 * within an account the one of highest priority, of equal ones the first that came. A request that
 * cannot go does not block those behind it, until it was passed 100 times although it was its turn: from then on nothing else is
 * admitted that needs a key it was found to lack.
 *
 * An admission looks at one request for each account, set of keys and priority that waits, whatever the
 * number of requests.
 */
export function limiter(limits: Limits): Limiter {
  const state = new Admission(limits);
  return {
    acquire: (wanted, signal) => state.acquire(wanted, signal),
    inUse: () => state.usage(),
    setLimits: (next) => {
      state.limits = next;
      state.admitAll();
    },
  };
}

class Admission {
  limits: Limits;
  readonly #places = new Map<string, number>();
  /** By account, then by the keys needed. */
  readonly #queues = new Map<string, Map<string, Queue>>();
  /** When each account was served last, by a count of admissions. */
  readonly #served = new Map<string, number>();
  /** Requests that were passed too often, the first such first. */
  readonly #starving = new Set<Waiting>();
  readonly #aborts = new Aborts(() => this.admitAll());
  #arrivals = 0;
  #admissions = 0;
  #waiting = 0;

  constructor(limits: Limits) {
    this.limits = limits;
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
      this.#waiting++;
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
    if (this.#lacks("global", null)) return false;
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
    return waiting.queue.keys.every((key) => !this.#lacksFor(waiting, key));
  }

  /** Whether a key has no place for a request: it is full, or kept for one that starves longer. */
  #lacksFor(waiting: Waiting, key: string): boolean {
    if (this.#lacks(key, waiting.queue.maxParallelOfRun)) return true;
    for (const starving of this.#starving) {
      if (starving === waiting) return false;
      if (starving.reserved?.has(key)) return true;
    }
    return false;
  }

  #lacks(key: string, maxParallelOfRun: number | null): boolean {
    const limit = key.startsWith("run:") ? maxParallelOfRun : limitOf(this.limits, key);
    return limit !== null && (this.#places.get(key) ?? 0) >= limit;
  }

  #pass(waiting: Waiting): void {
    waiting.passed++;
    if (waiting.passed < PATIENCE) return;
    waiting.reserved ??= new Set();
    this.#starving.add(waiting);
    for (const key of waiting.queue.keys) {
      if (this.#lacksFor(waiting, key)) waiting.reserved.add(key);
    }
  }

  #admit(waiting: Waiting): void {
    const { account, keys } = waiting.queue;
    this.#remove(waiting);
    for (const key of keys) this.#places.set(key, (this.#places.get(key) ?? 0) + 1);
    this.#served.set(account, this.#admissions++);
    waiting.admit();
  }

  #remove(waiting: Waiting): void {
    const { queue } = waiting;
    queue.waiting.delete(waiting);
    this.#starving.delete(waiting);
    this.#waiting--;
    if (queue.waiting.size > 0) return;
    const queues = this.#queues.get(queue.account);
    queues?.delete(nameOf(queue));
    if (queues?.size === 0) this.#queues.delete(queue.account);
  }

  #queueOf(wanted: PlaceWanted): Queue {
    const { account, maxParallelOfRun, priority = 0 } = wanted;
    const keys = keysOf(wanted);
    const name = nameOf({ keys, maxParallelOfRun, priority });
    const queues = this.#queues.get(account) ?? new Map<string, Queue>();
    this.#queues.set(account, queues);
    const queue = queues.get(name) ?? {
      account,
      keys,
      maxParallelOfRun,
      priority,
      waiting: new Set(),
    };
    queues.set(name, queue);
    return queue;
  }

  #releaseOf(keys: readonly string[]): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      for (const key of keys) {
        const left = (this.#places.get(key) ?? 0) - 1;
        if (left > 0) this.#places.set(key, left);
        else this.#places.delete(key);
      }
      this.admitAll();
    };
  }
}

/** Keys that a request takes one place of each, unlimited ones too: they may get a limit later. */
function keysOf({ account, runId, kind, heavy, named }: PlaceWanted): readonly string[] {
  return [
    "global",
    `account:${account}`,
    `run:${JSON.stringify([runId, account])}`,
    `kind:${kind}`,
    ...(heavy ? ["heavy"] : []),
    ...[...new Set(named)].toSorted().map((name) => `named:${name}`),
  ];
}

function nameOf({
  keys,
  maxParallelOfRun,
  priority,
}: Pick<Queue, "keys" | "maxParallelOfRun" | "priority">): string {
  return JSON.stringify([maxParallelOfRun, priority, ...keys]);
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

function limitOf(limits: Limits, key: string): number | null {
  if (key === "global") return limits.global;
  if (key === "heavy") return limits.heavy;
  const colon = key.indexOf(":");
  const tables = new Map([
    ["account", limits.accounts],
    ["kind", limits.kinds],
    ["named", limits.named],
  ]);
  const table = tables.get(key.slice(0, colon)) ?? {};
  const name = key.slice(colon + 1);
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}
