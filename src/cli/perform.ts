import type { CommonFlags, Session } from "./session.ts";

/** Carries out a command: what the action returns is the exit status. */
export type Perform = (
  flags: CommonFlags,
  action: (session: Session) => Promise<number>,
) => Promise<void>;
