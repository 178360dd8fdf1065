/** What a service tells while it runs, as lines: its notices, and what goes wrong in its runs. */
import type {
  HealthCheck,
  ProgressEvent,
  ScheduleReport,
  ServiceNotice,
} from "../../orchestration/index.ts";
import { clock, counted, duration } from "../figures.ts";
import { printable, printableLines } from "../printable.ts";
import { levelText } from "../render/level.ts";
import { statusText } from "../render/status.ts";
import { type Zones, zonesOf } from "../render/zones.ts";
import type { Style } from "../style.ts";
import { dayAndTime, timeLeft } from "../time-words.ts";
import { plainLine } from "./plain.ts";

type Notice<Type extends ServiceNotice["type"]> = Extract<ServiceNotice, { type: Type }>;

/** Runs whose end is not told yet: no service has so many at once. */
const MAX_KEPT = 1_000;

/** Schedules of which the next slot is told; `schedule next` tells of all. */
const MAX_TOLD = 10;

export class ServiceTalk {
  readonly #style: Style;
  /** Every event is told, not only what goes wrong. */
  readonly #all: boolean;
  /** By run: how long it took, until its end is told. */
  readonly #durations = new Map<string, number>();
  /** By schedule: the zone that its slots are told in. */
  #zones: Zones = new Map();

  constructor(style: Style, all: boolean) {
    this.#style = style;
    this.#all = all;
  }

  /** The line that tells of an event of a run, if it is told. */
  event(event: ProgressEvent): string | undefined {
    if (event.type === "run-finished") this.#keep(event.runId, event.durationMs);
    return this.#all || goesWrong(event) ? plainLine(event) : undefined;
  }

  /** The lines that tell of a notice; none for what another one tells. */
  notice(notice: ServiceNotice): readonly string[] {
    const [first, ...more] = this.#lines(notice);
    if (first === undefined) return [];
    return [`${clock(new Date(notice.at))} ${first}`, ...more.map((line) => `  ${line}`)];
  }

  /** Lines about the next slot of each schedule, soonest first. */
  slots(schedules: readonly ScheduleReport[], now: Date): readonly string[] {
    this.#zones = zonesOf(schedules);
    const next = schedules
      .flatMap((report) => report.next ?? [])
      .toSorted((a, b) => Date.parse(a.startAt) - Date.parse(b.startAt));
    if (next.length === 0) return [`${clock(now)} no slot comes`];
    const lines = next.slice(0, MAX_TOLD).map(({ schedule, startAt }) => {
      const at = dayAndTime(startAt, now, this.#zones.get(schedule));
      return `  ${printable(schedule)} ${at} (${timeLeft(startAt, now)})`;
    });
    const more = next.length - lines.length;
    const rest = more > 0 ? [`  and of ${counted(more, "more schedule")}`] : [];
    return [`${clock(now)} next slots:`, ...lines, ...rest];
  }

  #lines(notice: ServiceNotice): readonly string[] {
    const style = this.#style;
    switch (notice.type) {
      case "started":
        return [startLine(notice)];
      case "reloaded":
        return [`configuration read anew, ${counted(notice.schedules, "schedule")}`];
      case "reload-refused":
        return [
          style.red("the new configuration is refused, the old one stays:"),
          ...printableLines(notice.message).split("\n"),
        ];
      case "slot":
        return slotLines(notice, this.#zones.get(notice.slot.schedule), style);
      case "run-resumed":
        return [`run ${notice.runId} taken up again`];
      case "run-ended":
        return this.#endLines(notice);
      case "health":
        return healthLines(notice.checks, style);
      case "draining":
        return [`draining: ${printable(notice.reason)}`];
      case "handing-over":
        return [`handing over to ${printable(notice.to)}`];
      case "stopped":
        return ["service stopped"];
      default:
        return notice satisfies never;
    }
  }

  #endLines({ runId, workflow, status }: Notice<"run-ended">): readonly string[] {
    const durationMs = this.#durations.get(runId);
    this.#durations.delete(runId);
    const time = durationMs === undefined ? "" : ` after ${duration(durationMs)}`;
    const ended = `run ${runId} of ${printable(workflow)} ${statusText(status, this.#style)}${time}`;
    return status === "COMPLETED"
      ? [ended]
      : [ended, `read more with: data-wrangler status ${runId}`];
  }

  /** A run may end elsewhere and never be told of here. */
  #keep(runId: string, durationMs: number): void {
    const [oldest] = this.#durations.keys();
    if (this.#durations.size >= MAX_KEPT && oldest !== undefined) this.#durations.delete(oldest);
    this.#durations.set(runId, durationMs);
  }
}

function goesWrong(event: ProgressEvent): boolean {
  if (event.type === "task-finished") return event.status === "FAILED";
  return WRONG.has(event.type);
}

const WRONG: ReadonlySet<ProgressEvent["type"]> = new Set([
  "task-retrying",
  "task-waiting",
  "effect-uncertain",
  "engine-replaced",
]);

function startLine({ url, schedules }: Notice<"started">): string {
  const where = url === null ? "not listening" : `listening at ${url}`;
  return `service started, ${where}, ${counted(schedules, "schedule")}`;
}

function slotLines(
  { slot, at }: Notice<"slot">,
  timeZone: string | undefined,
  style: Style,
): readonly string[] {
  const { schedule, dueAt, startAt, status, runId } = slot;
  const now = new Date(at);
  const name = `slot ${printable(schedule)} ${dayAndTime(dueAt, now, timeZone)}`;
  const why = slot.reason === null ? "" : `: ${printable(slot.reason)}`;
  switch (status) {
    case "DUE":
      // it starts at once otherwise, which is told then
      return dueAt === startAt ? [] : [`${name} due, starts ${timeLeft(startAt, now)}${why}`];
    case "STARTED":
      return [`${name} started${runId === null ? "" : `, run ${runId}`}${why}`];
    case "ENDED":
      // told by the end of its run
      return [];
    case "QUEUED":
      return [`${name} queued${why}`];
    case "SKIPPED":
    case "MISSED":
      return [style.yellow(`${name} ${status.toLowerCase()}${why}`)];
    default:
      return status satisfies never;
  }
}

function healthLines(checks: readonly HealthCheck[], style: Style): readonly string[] {
  const bad = checks.filter(({ level }) => level !== "ok");
  if (bad.length === 0) return ["health: all well"];
  return ["health:"].concat(
    bad.map(({ name, level, text, remedy }) => {
      const what = remedy === null ? "" : ` What to do: ${printable(remedy)}`;
      return `${levelText(level, style)} ${printable(name)}: ${printable(text)}${what}`;
    }),
  );
}
