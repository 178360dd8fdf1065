import type { Clock, Log } from "../core/index.ts";
import type { ServiceNotice } from "../orchestration/index.ts";
import { isoOf, sentenceOf } from "./workshop.ts";

type Timeless<Notice> = Notice extends unknown ? Omit<Notice, "at"> : never;

/** A notice before it has its time. */
export type News = Timeless<ServiceNotice>;

export type Tell = (news: News) => void;

interface VoiceDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly listeners: readonly ((notice: ServiceNotice) => void)[];
}

/** Tells what the service does, in its log and to those who listen; what they throw stops nothing. */
export function voice({ clock, log, listeners }: VoiceDeps): Tell {
  return (news) => {
    const notice: ServiceNotice = { at: isoOf(clock.now()), ...news };
    log.info({ notice }, news.type);
    for (const listener of listeners) {
      try {
        listener(notice);
      } catch (error) {
        log.error({ notice: news.type, reason: sentenceOf(error) }, "a listener failed");
      }
    }
  };
}
