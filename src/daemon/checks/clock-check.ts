import type { HealthCheck } from "../../orchestration/index.ts";
import { spanInWords } from "../../schedule/index.ts";

/** A step is told for so long. */
const TOLD_MS = 3_600_000;
/** A clock that is so far behind what was decided was wrong then, or is now. */
const FAR_MS = 86_400_000;

/** One look at both clocks, in milliseconds: that of the day, and the one that only counts on. */
export interface ClockReading {
  readonly wallMs: number;
  readonly steadyMs: number;
}

/** The machine's clocks now. */
function readClocks(): ClockReading {
  return { wallMs: Date.now(), steadyMs: performance.now() };
}

/** Notices when the clock was set, or the machine slept. */
export class ClockWatch {
  readonly #read: () => ClockReading;
  #last: ClockReading;
  #step: { readonly byMs: number; readonly atSteadyMs: number } | undefined;

  constructor(read: () => ClockReading = readClocks) {
    this.#read = read;
    this.#last = read();
  }

  /** @param aheadMs How far schedules are decided beyond the time of the day. */
  check(limitMs: number, aheadMs: number): HealthCheck {
    const now = this.#read();
    const byMs = now.wallMs - this.#last.wallMs - (now.steadyMs - this.#last.steadyMs);
    this.#last = now;
    if (Math.abs(byMs) > limitMs) this.#step = { byMs, atSteadyMs: now.steadyMs };
    if (aheadMs > FAR_MS) return far(aheadMs);
    const step = this.#step;
    if (step && now.steadyMs - step.atSteadyMs < TOLD_MS) return stepped(step.byMs);
    return { name: "clock", level: "ok", text: "The clock goes steadily.", remedy: null };
  }
}

function stepped(byMs: number): HealthCheck {
  const span = spanInWords(Math.abs(byMs));
  const text =
    byMs > 0
      ? `The clock was set forward by ${span}, or the machine slept.`
      : `The clock was set back by ${span}.`;
  const remedy = "See that a time service keeps the clock; slots run once all the same.";
  return { name: "clock", level: "warning", text, remedy };
}

function far(aheadMs: number): HealthCheck {
  return {
    name: "clock",
    level: "failing",
    text: `Slots of the next ${spanInWords(aheadMs)} were decided already: the clock was wrong, or is.`,
    remedy:
      "Correct the clock. If it is right now, data-wrangler schedule resume NAME lets slots come again.",
  };
}
