/** How all stands: the service, each workflow's latest run, what comes next. */
import type {
  Overview,
  RunRecord,
  ScheduleReport,
  ServiceHealth,
} from "../../orchestration/index.ts";
import { counted, duration, shortPath } from "../figures.ts";
import { printable } from "../printable.ts";
import { aboutWhen, span } from "../time-words.ts";
import { comingTable } from "./coming.ts";
import { levelText } from "./level.ts";
import { latestTasks } from "./latest-tasks.ts";
import { statusText } from "./status.ts";
import type { SummaryOptions } from "./summary.ts";
import { zoneOfRun, zonesOf } from "./zones.ts";

/** What comes next is told so far; `schedule next` tells more. */
const MAX_COMING = 10;

/** Lines of `status` without a run. `schedules` are those that the overview's slots are of. */
export function overviewLines(
  overview: Overview,
  schedules: readonly ScheduleReport[],
  options: SummaryOptions,
): string[] {
  const { service, workflows } = overview;
  const now = new Date(overview.at);
  const zones = zonesOf(schedules);
  const coming = comingTable(overview, { ...options, now, zones, max: MAX_COMING });
  if (service === null && workflows.length === 0 && schedules.length === 0) return NOTHING;
  const sections = [
    service === null ? noService(schedules) : serviceLines(service, { ...options, now }),
    ...workflows.map(({ run, tasks }) => {
      const timeZone = zoneOfRun(run, zones);
      return runLines(run, now, options).concat(
        latestTasks(run, tasks, { ...options, now, timeZone }),
      );
    }),
    coming.length === 0 ? [] : [options.style.bold("next"), ...coming],
    pausedLines(schedules),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, i) => spaced(lines, i));
}

const NOTHING = [
  "No runs yet, and no schedules.",
  "Run a workflow now with: data-wrangler run --config pipeline.yaml",
  "Run it by its schedules with: data-wrangler service --config pipeline.yaml",
];

function spaced(lines: readonly string[], i: number): readonly string[] {
  return i === 0 ? lines : ["", ...lines];
}

interface Told extends SummaryOptions {
  readonly now: Date;
}

function noService(schedules: readonly ScheduleReport[]): string[] {
  const [first] = schedules;
  if (!first) return [];
  return ["service: none", startIt(first.configPath)];
}

function startIt(configPath: string): string {
  return `  what to do: data-wrangler service --config ${printable(configPath)}`;
}

function serviceLines(health: ServiceHealth, { style, cwd, now }: Told): string[] {
  const { pid, host, startedAt, at, alive, configPath, url, checks } = health;
  const who = `process ${pid} on ${printable(host)}`;
  if (!alive) {
    const ago = span(now.getTime() - Date.parse(at));
    const last = `the last one, ${who}, was heard of ${ago} ago (${aboutWhen(at, now)})`;
    return [`service: ${style.yellow("none is alive")}; ${last}`, startIt(configPath)];
  }
  const since = `since ${aboutWhen(startedAt, now)} (${span(now.getTime() - Date.parse(startedAt))})`;
  const where = url === null ? "not listening" : url;
  const bad = checks.filter(({ level }) => level !== "ok");
  return [
    `service: ${style.green("alive")} ${since}, ${who}, ${where}, ${shortPath(configPath, cwd)}`,
    ...bad.flatMap(({ name, level, text, remedy }) => {
      const found = `  ${levelText(level, style)} ${printable(name)}: ${printable(text)}`;
      return remedy === null ? [found] : [found, `    what to do: ${printable(remedy)}`];
    }),
  ];
}

function runLines(run: RunRecord, now: Date, { style }: SummaryOptions): string[] {
  const { runId, pipeline, workflow, schedule } = run;
  const by = schedule === null ? "" : `, schedule ${printable(schedule)}`;
  const name = `workflow ${printable(workflow)} of ${printable(pipeline)}`;
  return [
    `${style.bold(name)}: ${statusText(run.status, style)}${waitsWords(run)}, ${timesOf(run, now)}, run ${runId}${by}`,
  ];
}

function waitsWords({ status, waitsFor, runId }: RunRecord): string {
  if (status !== "WAITING" || waitsFor === null) return "";
  const words = {
    person: " for an answer",
    resume: ` for data-wrangler resume ${runId}`,
    process: " to be taken up again",
  };
  return words[waitsFor];
}

function timesOf({ startedAt, endedAt }: RunRecord, now: Date): string {
  const endMs = endedAt === null ? now.getTime() : Date.parse(endedAt);
  const tookMs = endMs - Date.parse(startedAt);
  if (endedAt === null) return `since ${aboutWhen(startedAt, now)} (${span(tookMs)})`;
  return `${aboutWhen(endedAt, now)} after ${duration(tookMs)}`;
}

function pausedLines(schedules: readonly ScheduleReport[]): string[] {
  const paused = schedules.filter((one) => one.paused).map(({ definition }) => definition.name);
  if (paused.length === 0) return [];
  return [`${counted(paused.length, "schedule")} paused: ${printable(paused.join(", "))}`];
}
