/** Gives an account its turn to start a task: undefined at once, else when the promise resolves. */
export type Pace = (account: string) => Promise<void> | undefined;

/** Tasks that an account may start at once after a rest. */
const BURST = 16;
/** About what a task costs the process besides its own work. */
const COST_MS = 1;
/** An account that started nothing for so long leaves its share to the others. */
const RECENT_MS = 1_000;

interface Account {
  /** Starts that it may make at once. */
  allowance: number;
  refilledAt: number;
  servedAt: number;
  readonly waiting: (() => void)[];
}

/**
 * How fast accounts start tasks. All tasks of a process share its one thread, so an account that has
 * five hundred ready at once would hold up every step of the others. Each account gets an equal part
 * of the thread's time as starts of about a millisecond (token bucket); one that is alone starts a
 * task in each turn of the event loop, so that another that comes finds it free.
 *
 * @param now Milliseconds of any clock that only goes forward.
 */
export function pacer(now: () => number = () => performance.now()): Pace {
  const accounts = new Map<string, Account>();

  const competing = (): number => {
    const time = now();
    let count = 0;
    for (const [id, { servedAt, waiting }] of accounts) {
      if (waiting.length > 0 || time - servedAt < RECENT_MS) count++;
      else accounts.delete(id);
    }
    return Math.max(1, count);
  };

  const refill = (account: Account, intervalMs: number): void => {
    const time = now();
    const earned = (time - account.refilledAt) / intervalMs;
    account.allowance = Math.min(BURST, account.allowance + earned);
    account.refilledAt = time;
  };

  const serve = (account: Account): void => {
    account.allowance--;
    account.servedAt = now();
  };

  const pump = (account: Account): void => {
    const count = competing();
    refill(account, count * COST_MS);
    if (count === 1) account.allowance = Math.max(1, account.allowance);
    while (account.allowance >= 1 && account.waiting.length > 0) {
      serve(account);
      account.waiting.shift()?.();
    }
    if (account.waiting.length === 0) return;
    if (count === 1) setImmediate(pump, account);
    else setTimeout(pump, (1 - account.allowance) * count * COST_MS, account);
  };

  return (id) => {
    const time = now();
    const account = accounts.get(id) ?? {
      allowance: BURST,
      refilledAt: time,
      servedAt: time,
      waiting: [],
    };
    accounts.set(id, account);
    if (account.waiting.length === 0) {
      refill(account, competing() * COST_MS);
      if (account.allowance >= 1) {
        serve(account);
        return undefined;
      }
      setImmediate(pump, account);
    }
    return new Promise((resolve) => account.waiting.push(resolve));
  };
}
