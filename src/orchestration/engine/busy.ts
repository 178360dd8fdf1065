/** Work that is not waiting for a time: a simulated clock stands still until it is over. */
import type { Clock } from "../../core/index.ts";

/** Do something during which a simulated clock stands still. */
export async function whileBusy<T>(clock: Pick<Clock, "busy">, work: () => Promise<T>): Promise<T> {
  const over = clock.busy();
  try {
    return await work();
  } finally {
    over();
  }
}

/** Something that is done, but for pauses in which it waits for others. */
export interface Hold {
  /** While this is at work, only that keeps a simulated clock from going on which it does itself. */
  readonly pause: <T>(work: () => Promise<T>) => Promise<T>;
  readonly end: () => void;
}

/** Begin something during which a simulated clock stands still, but for its pauses. */
export function holdBusy(clock: Pick<Clock, "busy">): Hold {
  let over = clock.busy();
  let pauses = 0;
  let hasEnded = false;
  return {
    async pause(work) {
      if (pauses++ === 0) over();
      try {
        return await work();
      } finally {
        if (--pauses === 0 && !hasEnded) over = clock.busy();
      }
    },
    end() {
      hasEnded = true;
      over();
    },
  };
}
