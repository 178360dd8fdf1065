/** One command's run: its flags, streams, interruption, and the app once it is needed. */
import type { App, RunHooks } from "../orchestration/index.ts";
import type { AppOptions, Host } from "./host.ts";
import { Interruption } from "./interruption.ts";
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
  readonly interruption: Interruption;
  /** Whether a command prints many JSON values: each is a line then. */
  #inLines = false;
  readonly #endings: (() => void)[] = [];
  #app: App | undefined;
  #talkAbove: ((text: string) => void) | undefined;

  constructor(host: Host, flags: CommonFlags) {
    this.host = host;
    this.flags = flags;
    this.style = styleOf(isColoured(host.stdout, host.env));
    this.errorStyle = styleOf(isColoured(host.stderr, host.env));
    this.interruption = new Interruption(host, {
      tell: (line) => this.talk(line),
      exit: (status) => {
        this.#runEndings();
        host.exit(status);
      },
    });
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
    const indent = this.#inLines ? undefined : 2;
    this.host.stdout.write(`${JSON.stringify(value, null, indent)}\n`);
  }

  /** From here on each JSON value is one line, so that many can be told apart; errors too. */
  jsonInLines(): void {
    this.#inLines = true;
  }

  /** The result as JSON when that was asked for, as lines otherwise. */
  show(value: unknown, lines: () => readonly string[]): void {
    if (this.flags.json === true) this.printJson(value);
    else this.print(...lines());
  }

  /** Talk: lines on stderr, unless `--quiet` or `--json`. */
  talk(...lines: readonly string[]): void {
    if (!this.talkative || lines.length === 0) return;
    const text = `${lines.join("\n")}\n`;
    if (this.#talkAbove) this.#talkAbove(text);
    else this.host.stderr.write(text);
  }

  /** From here on talk is written by what draws on stderr; by none again when left out. */
  talkAbove(write?: (text: string) => void): void {
    this.#talkAbove = write;
  }

  /** Does something when the command ends, however it ends. */
  atEnd(ending: () => void): void {
    this.#endings.push(ending);
  }

  /** With `--verbose` the run's log is shown instead of its events: it tells the same and more. */
  hooks(onEvent?: RunHooks["onEvent"]): RunHooks {
    const { signal } = this.interruption;
    if (this.flags.verbose === true && this.talkative) {
      return { signal, onLog: (line) => this.talk(logLine(line, this.errorStyle)) };
    }
    return { signal, ...(onEvent ? { onEvent } : {}) };
  }

  /** Hooks of a run: the first interruption drains it. */
  runHooks(onEvent?: RunHooks["onEvent"]): RunHooks {
    return { ...this.hooks(onEvent), drain: this.interruption.draining() };
  }

  /** What is waited for, unless an interruption comes first. */
  async unlessInterrupted<T>(awaited: Promise<T>): Promise<T> {
    const { signal } = this.interruption;
    const over = new AbortController();
    const interrupted = new Promise<never>((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener("abort", () => reject(signal.reason), { signal: over.signal });
    });
    try {
      return await Promise.race([awaited, interrupted]);
    } finally {
      over.abort();
    }
  }

  async close(): Promise<void> {
    this.#runEndings();
    await this.#app?.close();
    this.interruption.stop();
  }

  #runEndings(): void {
    for (const ending of this.#endings.splice(0).toReversed()) ending();
  }
}
