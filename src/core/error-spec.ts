import type { ErrorClass } from "./error-class.ts";

/** What is known of a code. */
export interface ErrorSpec {
  /** What happened, as a sentence for the person at the terminal. */
  readonly meaning: string;
  /** What that person can do about it. */
  readonly remedy: string;
  /** Process exit status, after sysexits.h: 1, 2, 65, 66, 70, 75, 78 or 130. */
  readonly exit: number;
  /** Whether trying again, unchanged, may succeed. */
  readonly retry: boolean;
  /** What kind of trouble it is: what retry and recovery rules name. */
  readonly class: ErrorClass;
}
