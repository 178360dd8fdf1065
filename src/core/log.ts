/** What the tool needs of a logger; pino's has this shape. Cell values only at `debug` and below. */
export interface Log {
  debug(facts: object, message?: string): void;
  info(facts: object, message?: string): void;
  warn(facts: object, message?: string): void;
  error(facts: object, message?: string): void;
  child(facts: Record<string, unknown>): Log;
}

/** A logger that says nothing, for scripts that bring none. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};
