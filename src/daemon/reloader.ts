import type { Settings } from "../config/index.ts";
import type { Log } from "../core/index.ts";
import type { Tell } from "./voice.ts";
import { sentenceOf } from "./workshop.ts";

interface ReloaderDeps {
  readonly load: () => Promise<Settings>;
  /** Why settings that hold by themselves cannot be taken over by a service at work; null when they can. */
  readonly objection: (settings: Settings) => string | null;
  /** Take them over; gives the number of schedules. */
  readonly apply: (settings: Settings) => number;
  readonly tell: Tell;
  readonly log: Log;
  /** Is called after each reading, however it went. */
  readonly onDone: () => void;
}

/** Reads the configuration anew when asked to, one time after the other; a bad one changes nothing. */
export interface Reloader {
  reload(): void;
  /** Resolves when what was asked for is done. From then on nothing is taken over any more. */
  close(): Promise<void>;
}

export function reloader(deps: ReloaderDeps): Reloader {
  const { load, objection, apply, tell, log, onDone } = deps;
  let turn: Promise<void> = Promise.resolve();
  /** Asked for and not begun: those that ask now are served by it. */
  let isWaiting = false;
  let isOver = false;
  const read = async (): Promise<void> => {
    isWaiting = false;
    try {
      const settings = await load();
      if (isOver) return;
      const message = objection(settings);
      if (message === null) tell({ type: "reloaded", schedules: apply(settings) });
      else tell({ type: "reload-refused", message });
    } catch (error) {
      const message = sentenceOf(error);
      log.warn({ reason: message }, "the configuration is refused");
      tell({ type: "reload-refused", message });
    } finally {
      onDone();
    }
  };
  return {
    reload() {
      if (isWaiting || isOver) return;
      isWaiting = true;
      turn = turn.then(read);
    },
    async close() {
      isOver = true;
      await turn;
    },
  };
}
