/**
 * Live through a working day in accelerated time, with all the world that it needs: a portal, a mail
 * server, a desktop program, a machine that is restarted at night.
 *
 *   node examples/wifi-day/day.js [--out FOLDER] [--days 1] [--fault NAME]… [--kill TASK]… [--json]
 *
 * Faults: portal-fails (500 twice), portal-down (all of the first morning), half-file, web-page,
 * desktop-hangs, mail-busy, and disk-full, which wants `--books FOLDER` on a small file system.
 * `--kill morning` cuts the power when that task of any account begins for the first time.
 */
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { liveThrough } from "./world/machine.js";
import { startMailbox } from "./world/mailbox.js";
import { startPortal } from "./world/portal.js";
import { eventLine, noticeLine, timeOfDay } from "./world/timeline.js";

const FAULTS = [
  "portal-fails",
  "portal-down",
  "half-file",
  "web-page",
  "desktop-hangs",
  "mail-busy",
  "disk-full",
];
const DAY_MS = 86_400_000;
/** A Monday, an hour before midnight in Berlin. */
const FIRST_MS = Date.parse("2026-03-01T22:00:00Z");

const { values } = parseArgs({
  options: {
    out: { type: "string", default: fileURLToPath(new URL("day", import.meta.url)) },
    days: { type: "string", default: "1" },
    fault: { type: "string", multiple: true, default: [] },
    kill: { type: "string", multiple: true, default: [] },
    books: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const strange = values.fault.find((name) => !FAULTS.includes(name));
if (strange) throw new Error(`--fault: expected one of ${FAULTS.join(", ")}, got ${strange}`);

const folder = resolve(values.out);
const faults = new Set(values.fault);
const say = (line) => values.json || console.log(line);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const books = resolve(values.books ?? join(folder, "books"));
const filler = join(books, "filler");
mkdirSync(books, { recursive: true });
if (faults.has("disk-full")) fillDisk();
let nowMs = FIRST_MS;

const passwords = { north: "n0rth-s3cret", south: "s0uth-s3cret" };
const portal = await startPortal({
  passwords,
  trouble({ part, count }) {
    if (faults.has("portal-down") && nowMs < FIRST_MS + DAY_MS / 2 + 3_600_000) return "fails";
    if (faults.has("portal-fails") && count <= 2) return "fails";
    if (faults.has("half-file") && count === 1) return "half";
    if (faults.has("web-page") && part === "afternoon" && count === 1) return "page";
    return undefined;
  },
});
const mailbox = await startMailbox({
  folder: join(folder, "mails"),
  password: "m4il-s3cret",
  busyTimes: faults.has("mail-busy") ? 3 : 0,
});
if (faults.has("desktop-hangs")) {
  for (const account of Object.keys(passwords)) {
    mkdirSync(join(folder, "desktop", account), { recursive: true });
    writeFileSync(join(folder, "desktop", account, "hang"), "");
  }
}

const toKill = new Set(values.kill);
const timeline = [];
const finished = [];
let mailsSeen = 0;
let excelFailures = 0;

function note(message, power) {
  nowMs = Math.max(nowMs, message.atMs);
  const line = lineOf(message);
  if (line) add(message.atMs, line);
  for (; mailsSeen < mailbox.mails.length; mailsSeen++) {
    const { to, subject } = mailbox.mails[mailsSeen];
    add(message.atMs, { who: "mail", what: `${to.join(", ")}: ${subject}` });
  }
  if (message.event) noteEvent(message.event, message.atMs, power);
}

function noteEvent(event, atMs, power) {
  const { type, task } = event;
  if (type === "task-finished") finished.push({ at: atMs, ...event });
  // Somebody makes room once both accounts have had to do without.
  if (type === "task-retrying" && task === "excel" && ++excelFailures === 2) {
    rmSync(filler, { force: true });
  }
  if (type === "task-started" && toKill.delete(task)) {
    add(atMs, { who: "machine", what: `the power is cut while ${task} runs` });
    power.cut();
  }
}

function lineOf({ event, notice, machine }) {
  if (machine) return { who: "machine", what: machine };
  return event ? eventLine(event) : notice && noticeLine(notice);
}

/** Until nothing goes on it any more. */
function fillDisk() {
  const block = Buffer.alloc(16_384);
  try {
    for (let i = 0; i < 10_000; i++) appendFileSync(filler, block);
  } catch (error) {
    if (error.code === "ENOSPC") return;
    throw error;
  }
  throw new Error("--fault disk-full: expected --books in a file system of less than 160 MB");
}

function add(atMs, { who, what }) {
  timeline.push({ at: new Date(atMs).toISOString(), who, what });
  say(`${timeOfDay(atMs)}  ${who.padEnd(18)} ${what}`);
}

const startedMs = performance.now();
const { starts, status } = await liveThrough({
  fromMs: FIRST_MS,
  untilMs: FIRST_MS + Number(values.days) * DAY_MS + 5 * 3_600_000,
  service: {
    configPath: fileURLToPath(new URL("pipeline.yaml", import.meta.url)),
    checkpointsFolder: join(folder, "checkpoints"),
    pidFile: join(folder, "machine.pid"),
  },
  env: {
    ...process.env,
    WIFI_FOLDER: folder,
    WIFI_BOOKS: books,
    WIFI_PORTAL: portal.url,
    WIFI_MAIL_PORT: String(mailbox.port),
    WIFI_MAIL_PASSWORD: "m4il-s3cret",
    WIFI_NORTH_PASSWORD: passwords.north,
    WIFI_SOUTH_PASSWORD: passwords.south,
  },
  onMessage: note,
});
portal.close();
await mailbox.close();
const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);

if (values.json) {
  const { mails } = mailbox;
  const refusals = mailbox.refusals();
  const result = {
    status,
    starts,
    timeline,
    finished,
    mails,
    refusals,
    portal: portal.log,
    folder,
  };
  console.log(JSON.stringify(result, null, 2));
} else {
  say(
    `\n${values.days} day(s) in ${seconds} s. Mails, workbooks, reports and the archive: ${folder}`,
  );
}
process.exitCode = status ?? 1;
