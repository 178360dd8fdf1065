import { round } from "../charts/index.ts";
import { count, duration, escape, Html } from "../markup/index.ts";
import { fitted, STATUS_WORDS, textWidth } from "../workflow-graph/index.ts";
import { ticksTo } from "./time-axis.ts";
import type { Timeline, TimelineAttempt, TimelineRow } from "./timeline.ts";

/** Sizes in units of the picture, which are pixels where the page is wide enough. */
const WIDTH = 1000;
const NAMES = 230;
/** Least room behind the last bar, for the label of the last tick. */
const RIGHT = 70;
const ROW = 22;
const BAR = 12;
const AXIS = 26;
const TEXT = 12;
const NOTE = 11;
/** From a bar to its note. */
const GAP = 8;
/** How much wider than estimated a note may be: bold, or in another face. */
const WIDER = 1.25;
/** Least width of a bar: what took no time to speak of is still seen. */
const LEAST = 2;

const ROWS = 200;

/** The picture and how many tasks are not in it. */
export interface Gantt {
  readonly picture: Html;
  readonly left: number;
}

/** What ran when: a row for each task, by account. Of more than 200 tasks, the 200 that took longest. */
export function gantt(timeline: Timeline): Gantt {
  const rows = longest(timeline.rows);
  const accounts = new Set(rows.map(({ account }) => account)).size;
  const height = AXIS + rows.length * ROW + accounts * ROW + 8;
  const right = Math.max(RIGHT, ...rows.map((row) => GAP + textWidth(briefly(row), NOTE) * WIDER));
  const at = scale(timeline.lengthMs, WIDTH - NAMES - right);
  const lines: string[] = [];
  let top = AXIS;
  let group: string | undefined;
  for (const row of rows) {
    if (row.account !== group) {
      group = row.account;
      lines.push(
        `<text class="rg-account" x="0" y="${top + 16}">${escape(fitted(group, TEXT, NAMES - 10))}</text>`,
      );
      top += ROW;
    }
    lines.push(rowShape(row, top, at, timeline.lengthMs));
    top += ROW;
  }
  const label = `When each of ${count(rows.length)} tasks ran, within ${duration(timeline.lengthMs)}`;
  return {
    picture: new Html(
      `<svg class="rg" role="group" aria-label="${escape(label)}" viewBox="0 0 ${WIDTH} ${height}">${axis(timeline.lengthMs, at, height)}${lines.join("")}</svg>`,
    ),
    left: timeline.rows.length - rows.length,
  };
}

/** The rows that took longest, in their old order. */
function longest(rows: readonly TimelineRow[]): readonly TimelineRow[] {
  if (rows.length <= ROWS) return rows;
  const kept = new Set(rows.toSorted((a, b) => spanOf(b) - spanOf(a)).slice(0, ROWS));
  return rows.filter((row) => kept.has(row));
}

function spanOf({ readyMs, startMs, endMs }: TimelineRow): number {
  return (endMs ?? Infinity) - (readyMs ?? startMs ?? endMs ?? Infinity) || 0;
}

type Scale = (ms: number) => number;

function scale(lengthMs: number, room: number): Scale {
  return (ms) => round(NAMES + (Math.min(ms, lengthMs) / Math.max(1, lengthMs)) * room);
}

function axis(lengthMs: number, at: Scale, height: number): string {
  return ticksTo(lengthMs)
    .map(({ ms, label }) => {
      const x = at(ms);
      return `<path class="rg-grid" d="M${x} ${AXIS - 6}V${height - 6}"/><text class="rg-tick" x="${x}" y="12" text-anchor="middle">${label}</text>`;
    })
    .join("");
}

function rowShape(row: TimelineRow, top: number, at: Scale, lengthMs: number): string {
  const middle = top + ROW / 2;
  const name = `<text class="rg-name" x="12" y="${middle + 4}">${escape(fitted(row.task, TEXT, NAMES - 24))}</text>`;
  const bars = barsOf(row, lengthMs);
  const shapes = bars.map(({ from, to, look }) => {
    const width = Math.max(LEAST, round(at(to) - at(from)));
    return `<rect class="${look}" x="${at(from)}" y="${middle - BAR / 2}" width="${width}" height="${BAR}" rx="2"/>`;
  });
  const first = Math.min(...bars.map(({ from }) => from));
  const last = Math.max(...bars.map(({ to }) => to));
  const outline =
    row.onCriticalPath && bars.length > 0
      ? `<rect class="rg-critical" x="${round(at(first) - 2)}" y="${middle - BAR / 2 - 2}" width="${round(Math.max(LEAST, at(last) - at(first)) + 4)}" height="${BAR + 4}" rx="4"/>`
      : "";
  const end = bars.length === 0 ? NAMES : at(last);
  return `<g role="img" aria-label="${escape(told(row))}"><title>${escape(told(row))}</title><rect class="rg-row" x="0" y="${top}" width="${WIDTH}" height="${ROW}"/>${name}${shapes.join("")}${outline}${note(row, end, middle)}</g>`;
}

/** Duration or status behind the bar. */
function note(row: TimelineRow, end: number, middle: number): string {
  const look = row.status === "FAILED" ? "rg-note rg-bad" : "rg-note";
  return `<text class="${look}" x="${round(end + GAP)}" y="${middle + 4}">${escape(briefly(row))}</text>`;
}

function briefly(row: TimelineRow): string {
  const { status, startMs, endMs } = row;
  if (row.takenFrom !== null) return "taken over";
  if (startMs === null || endMs === null) return STATUS_WORDS[status];
  const length = duration(endMs - startMs);
  return status === "COMPLETED" ? length : `${STATUS_WORDS[status]}, ${length}`;
}

/** All that the row shows, in words. */
function told(row: TimelineRow): string {
  const { account, task, kind, status, readyMs, startMs, endMs, attempts } = row;
  const parts = [`${account} · ${task} (${kind}): ${STATUS_WORDS[status]}`];
  if (row.takenFrom !== null) parts.push(`taken over from run ${row.takenFrom}`);
  if (startMs !== null) parts.push(`started after ${duration(startMs)}`);
  if (startMs !== null && readyMs !== null && startMs > readyMs) {
    parts.push(`waited ${duration(startMs - readyMs)}`);
  }
  if (startMs !== null && endMs !== null) parts.push(`took ${duration(endMs - startMs)}`);
  if (attempts.length > 1) parts.push(`${count(attempts.length)} attempts`);
  if (row.onCriticalPath) parts.push("on the critical path");
  return parts.join("; ");
}

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly look: string;
}

const LOOKS: Readonly<Record<TimelineAttempt["status"], string>> = {
  IN_PROGRESS: "rg-work",
  COMPLETED: "rg-work",
  FAILED: "rg-failed",
  CANCELED: "rg-canceled",
};

/** Waiting from ready to the end, and over it the attempts. */
function barsOf(row: TimelineRow, lengthMs: number): Bar[] {
  const { readyMs, startMs, endMs, attempts } = row;
  const from = readyMs ?? startMs;
  const over = endMs ?? (goesOn(row) ? lengthMs : startMs);
  const waiting = from === null || over === null ? [] : [{ from, to: over, look: "rg-wait" }];
  const tries = attempts.map((attempt, i): Bar => {
    const to = attempt.endMs ?? attempts[i + 1]?.startMs ?? over ?? attempt.startMs;
    return { from: attempt.startMs, to, look: attempt.lost ? "rg-lost" : LOOKS[attempt.status] };
  });
  // Records of a task without attempts, such as a workflow that only waits for those within it.
  const whole =
    tries.length === 0 && startMs !== null && over !== null
      ? [{ from: startMs, to: over, look: row.status === "FAILED" ? "rg-failed" : "rg-work" }]
      : [];
  return [...waiting, ...whole, ...tries];
}

function goesOn({ status }: TimelineRow): boolean {
  return status === "IN_PROGRESS" || status === "WAITING";
}
