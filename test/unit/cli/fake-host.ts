import type { AppOptions, Host, InterruptSignal, Sink } from "../../../src/cli/index.ts";
import type { App } from "../../../src/orchestration/index.ts";

/** A sink that keeps what is written. */
export interface MemorySink extends Sink {
  text: string;
}

function memorySink(terminal: Partial<Sink> = {}): MemorySink {
  return {
    ...terminal,
    text: "",
    write(text: string) {
      this.text += text;
    },
  };
}

export interface FakeHost extends Host {
  readonly stdout: MemorySink;
  readonly stderr: MemorySink;
  /** Options that the app was loaded with; empty while it was not. */
  readonly loaded: AppOptions[];
  readonly exits: number[];
  readonly interrupt: (signal?: InterruptSignal) => void;
  /** Asks for the configuration to be read anew. */
  readonly reload: () => void;
}

interface FakeHostOptions {
  readonly terminal?: Partial<Sink>;
  readonly env?: Host["env"];
}

/** A host in memory around an app of which a test gives the parts that it needs. */
export function fakeHost(app: Partial<App> = {}, options: FakeHostOptions = {}): FakeHost {
  const listeners = new Set<(signal: InterruptSignal) => void>();
  const reloads = new Set<() => void>();
  const loaded: AppOptions[] = [];
  const exits: number[] = [];
  return {
    stdout: memorySink(options.terminal),
    stderr: memorySink(options.terminal),
    env: options.env ?? {},
    cwd: "/data",
    now: () => new Date(2026, 2, 1, 12, 3, 1),
    loadApp(given) {
      loaded.push(given);
      return Promise.resolve({ close: () => Promise.resolve(), ...app } as App);
    },
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onReload(listener) {
      reloads.add(listener);
      return () => reloads.delete(listener);
    },
    exit: (status) => exits.push(status),
    loaded,
    exits,
    interrupt(signal = "SIGINT") {
      for (const listener of listeners) listener(signal);
    },
    reload() {
      for (const listener of reloads) listener();
    },
  };
}
