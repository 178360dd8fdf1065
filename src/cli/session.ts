/** One command's run: its flags, streams, interruption, and the app once it is needed. */
import { setMaxListeners } from "node:events";
import type { App, RunHooks } from "../orchestration/index.ts";
import type { AppOptions, Host } from "./host.ts";
import { logLine } from "./progress/log-line.ts";
import { isColoured, type Style, styleOf } from "./style.ts";

/** Flags that every command has. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly checkpoints?: string;
}

export class Session {
  readonly host: Host;
  readonly flags: CommonFlags;
  /** For stdout. */
  readonly style: Style;
  /** For stderr. */
  readonly errorStyle: Style;
  readonly #controller = new AbortController();
  readonly #stopListening: () => void;
  readonly #endings: (() => void)[] = [];
  #app: App | undefined;

  constructor(host: Host, flags: CommonFlags) {
    this.host = host;
    this.flags = flags;
    this.style = styleOf(isColoured(host.stdout, host.env));
    this.errorStyle = styleOf(isColoured(host.stderr, host.env));
    // every query in hand listens to it
    setMaxListeners(0, this.#controller.signal);
    this.#stopListening = host.onInterrupt(() => this.#interrupt());
  }

  /** Aborts on the first SIGINT or SIGTERM. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether anything besides the result is to be told. */
  get talkative(): boolean {
    return this.flags.quiet !== true && this.flags.json !== true;
  }

  /** The rest of the tool, loaded when first asked for. */
  async app(): Promise<App> {
    const { checkpoints, verbose } = this.flags;
    const options: AppOptions = {
      cwd: this.host.cwd,
      ...(checkpoints === undefined ? {} : { checkpointsFolder: checkpoints }),
      ...(verbose === true ? { logLevel: "debug" } : {}),
    };
    this.#app ??= await this.host.loadApp(options);
    return this.#app;
  }

  /** The result, for people: lines on stdout. */
  print(...lines: readonly string[]): void {
    if (lines.length > 0) this.host.stdout.write(`${lines.join("\n")}\n`);
  }

  /** The result, for programs: one JSON value on stdout. */
  printJson(value: unknown): void {
    this.host.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** Talk: lines on stderr, unless `--quiet` or `--json`. */
  talk(...lines: readonly string[]): void {
    if (this.talkative && lines.length > 0) this.host.stderr.write(`${lines.join("\n")}\n`);
  }

  /** Does something when the command ends, however it ends. */
  atEnd(ending: () => void): void {
    this.#endings.push(ending);
  }

  /** With `--verbose` the run's log is shown instead of its events: it tells the same and more. */
  hooks(onEvent?: RunHooks["onEvent"]): RunHooks {
    const { signal } = this;
    if (this.flags.verbose === true && this.talkative) {
      return { signal, onLog: (line) => this.talk(logLine(line, this.errorStyle)) };
    }
    return { signal, ...(onEvent ? { onEvent } : {}) };
  }

  async close(): Promise<void> {
    this.#runEndings();
    await this.#app?.close();
    this.#stopListening();
  }

  #interrupt(): void {
    if (this.signal.aborted) {
      this.#runEndings();
      this.host.exit(130);
      return;
    }
    this.talk("Interrupted: ending what is in hand; interrupt again to stop at once.");
    this.#controller.abort();
  }

  #runEndings(): void {
    for (const ending of this.#endings.splice(0).toReversed()) ending();
  }
}
