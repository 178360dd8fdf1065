/** Shows a run's events while it runs: a live picture on a terminal, lines otherwise. */
import type { ProgressEvent } from "../../orchestration/index.ts";
import type { Host } from "../host.ts";
import type { Session } from "../session.ts";
import { isColoured, styleOf } from "../style.ts";
import { Board } from "./board.ts";
import { frame } from "./frame.ts";
import { plainLine, PlainProgress } from "./plain.ts";

/** Below this a picture would be mostly cut off. */
const LEAST_COLUMNS = 60;

const REDRAW_MS = 100;

/** What is told above the picture as well. */
const NOTED: ReadonlySet<ProgressEvent["type"]> = new Set([
  "engine-replaced",
  "run-draining",
  "effect-uncertain",
]);

/** What takes the events of a command's run; nothing when it is to be quiet. */
export function progressOf(session: Session): ((event: ProgressEvent) => void) | undefined {
  if (!session.talkative) return undefined;
  const { host } = session;
  if (isLive(host)) {
    const live = new LiveProgress(host);
    session.talkAbove((text) => live.note(text));
    session.atEnd(() => {
      live.stop();
      session.talkAbove();
    });
    return (event) => live.take(event);
  }
  const plain = new PlainProgress();
  return (event) => {
    const line = plain.line(event);
    if (line !== undefined) host.stderr.write(`${line}\n`);
  };
}

function isLive({ stderr, env }: Host): boolean {
  const interactive = stderr.isTTY === true && env["TERM"] !== "dumb" && !env["CI"];
  return interactive && (stderr.columns ?? 0) >= LEAST_COLUMNS;
}

/** Redraws a picture in place, at most ten times a second. */
class LiveProgress {
  readonly #host: Host;
  readonly #board = new Board();
  #drawn = 0;
  /** On the monotonic clock, in milliseconds. */
  #restUntil = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  take(event: ProgressEvent): void {
    this.#board.take(event);
    if (event.type === "run-started") this.#start(event);
    if (NOTED.has(event.type)) this.note(`${plainLine(event, this.#board.lone)}\n`);
    if (event.type === "run-finished") this.stop();
  }

  /** Writes what stays, above the picture. */
  note(text: string): void {
    this.#erase();
    this.#host.stderr.write(text);
    if (this.#timer !== undefined) this.#draw();
  }

  /** Leaves the last picture standing and gives the cursor back. */
  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#draw();
    this.#host.stderr.write("\u001B[?25h");
    this.#drawn = 0;
  }

  #start(event: ProgressEvent): void {
    this.note(`${plainLine(event)}\n`);
    if (this.#timer === undefined) this.#host.stderr.write("\u001B[?25l");
    this.#timer ??= setInterval(() => this.#redraw(), REDRAW_MS);
    this.#timer.unref();
    this.#draw();
  }

  /** A picture of thousands of tasks takes time that is the tasks': it may have a tenth of it. */
  #redraw(): void {
    const begun = performance.now();
    if (begun < this.#restUntil) return;
    this.#draw();
    this.#restUntil = begun + 10 * (performance.now() - begun);
  }

  #draw(): void {
    const { stderr, env } = this.#host;
    const lines = frame(this.#board, {
      columns: stderr.columns ?? 80,
      rows: stderr.rows ?? 24,
      now: this.#host.now().getTime(),
      style: styleOf(isColoured(stderr, env)),
    });
    this.#erase();
    stderr.write(`${lines.join("\n")}\n`);
    this.#drawn = lines.length;
  }

  #erase(): void {
    if (this.#drawn > 0) this.#host.stderr.write(`\u001B[${this.#drawn}A\u001B[0J`);
    this.#drawn = 0;
  }
}
