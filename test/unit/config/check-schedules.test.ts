import { describe, expect, it } from "vitest";
import { checkFile } from "../../../src/config/check.ts";
import { SourceDocument } from "../../../src/config/document.ts";
import { printPath } from "../../../src/config/problems.ts";

/** Problems of a file, as `line:column path: text`. */
function problemsOf(text: string): string[] {
  const source = new SourceDocument(text);
  return checkFile(source.toValue(), source).problems.map(
    ({ line, column, path, text: said }) => `${line}:${column} ${printPath(path)}: ${said}`,
  );
}

const TASKS =
  "tasks: { fetch: { kind: command, command: [x] }, mail: { kind: command, command: [y] } }";

/** A file with two workflows, two accounts and one schedule `s`. */
function problemsIn(schedule: string, top = ""): string[] {
  return problemsOf(
    `accounts: [{ id: north }, { id: south }]
workflows: { default: { ${TASKS} }, nightly: { ${TASKS} } }
schedules:
  s: ${schedule}
${top}`,
  );
}

describe("schedules that hold", () => {
  it("have nothing wrong, with every setting in use", () => {
    const text = `
timeZone: Europe/Berlin
secrets: { portal: PORTAL_PASSWORD }
service:
  host: 0.0.0.0
  port: off
  log: { file: service.log, maxSize: 5MB, maxFiles: 3 }
  checks: { diskFree: 2GB, memory: 900MB, stuckAfter: 30m, clockStep: 2s }
  heartbeat: 10s
workflows:
  daily:
    deadline: 20h
    tasks:
      morning: { kind: command, command: [x, "\${secrets.portal}"], at: 09:30, window: 5m }
      afternoon: { kind: command, command: [x], at: "13:00" }
      excel: { kind: command, command: [x], dependsOn: [morning, afternoon], at: 13:05 }
schedules:
  wifi:
    workflow: daily
    accounts: [a]
    at: [09:25, "21:00:30"]
    timeZone: America/New_York
    days: [mon-wed, Friday]
    except: [2026-12-25, 12-26]
    overlap: queue
    catchUp: all
    window: 5m
    jitter: 30s
    paused: true
  check: { workflow: daily, task: morning, cron: "*/15 9-17 * * mon-fri", catchUp: none }
  often: { every: 90m, days: fri-mon, accounts: a, overlap: cancel_previous }
accounts:
  - { id: a, secrets: { mail: MAIL_TOKEN } }
`;
    expect(problemsOf(text)).toEqual([]);
  });

  it("need no workflows in the file: there is one", () => {
    expect(problemsOf("accounts: [{ id: a, inputs: x }]\nschedules: { s: { at: 09:30 } }")).toEqual(
      [],
    );
  });
});

describe("when a schedule is due", () => {
  it.each([
    ["{}", "4:6 schedules.s: expected one of at, cron and every, got none of them"],
    [
      "{ at: 09:30, every: 5m }",
      "4:6 schedules.s: expected one of at, cron and every, got at and every",
    ],
    [
      '{ at: "25:00" }',
      '4:12 schedules.s.at: expected a time of the day from "00:00" to "23:59", such as "09:30", got "25:00"',
    ],
    ["{ at: [09:30, 9:45] }", '4:20 schedules.s.at[1]: expected a time of the day from "00:00"'],
    ["{ at: 930 }", "4:12 schedules.s.at: expected text or a list, got 930"],
    ["{ at: [] }", "4:12 schedules.s.at: expected at least 1 entry, got a list"],
    [
      '{ at: [09:30, "09:30:00"] }',
      '4:20 schedules.s.at[1]: expected each time once, got "09:30:00" again',
    ],
    ["{ every: 25h }", "4:15 schedules.s.every: expected a duration from 1s to 24h"],
    ["{ every: 500ms }", "4:15 schedules.s.every: expected a duration from 1s to 24h"],
    ["{ every: often }", '4:15 schedules.s.every: expected a duration such as "30s"'],
    [
      '{ cron: "61 * * * *" }',
      "4:14 schedules.s.cron: expected 5 fields (minute, hour, day, month, day of the week), or 6 with seconds first; Invalid value for minute: 61",
    ],
    ['{ cron: "@daily" }', "4:14 schedules.s.cron: expected 5 fields"],
    [
      "{ at: 09:30, timeZone: Europe/Berln }",
      '4:29 schedules.s.timeZone: expected the IANA name of a time zone such as "Europe/Berlin", got "Europe/Berln". Did you mean "Europe/Berlin"?',
    ],
    [
      "{ at: 09:30, days: [mon, tuu] }",
      '4:31 schedules.s.days[1]: expected days such as "mon" or "mon-fri", got "tuu". Did you mean "tue"?',
    ],
    [
      "{ at: 09:30, days: mon-fr }",
      '4:25 schedules.s.days: expected days such as "mon" or "mon-fri"',
    ],
    [
      "{ at: 09:30, except: [12-25, 2026-02-29] }",
      '4:35 schedules.s.except[1]: expected a date such as "2026-12-25", or "12-25" for each year, got "2026-02-29"',
    ],
    [
      '{ cron: "0 9 30 2 *" }',
      "4:6 schedules.s: expected days on which it is due, but there are none within nine years",
    ],
    ['{ cron: "0 9 1 1 *", except: 01-01 }', "4:6 schedules.s: expected days on which it is due"],
    ["{ at: 09:30, windw: 5m }", '4:19 schedules.s.windw: unknown setting. Did you mean "window"?'],
  ])("%s: %s", (schedule, said) => {
    expect(problemsIn(schedule)).toEqual([expect.stringContaining(said)]);
  });

  it("tells what is missing beside what is not known", () => {
    expect(problemsIn("{ at: 09:30, except: [{ fil: x }] }")).toEqual([
      expect.stringContaining("4:28 schedules.s.except[0].file: expected text, but it is missing"),
      expect.stringContaining('schedules.s.except[0].fil: unknown setting. Did you mean "file"?'),
    ]);
    expect(problemsIn("09:30")).toContainEqual('4:6 schedules.s: expected a map, got "09:30"');
  });

  it("knows zones at the top as well", () => {
    expect(problemsIn("{ at: 09:30 }", "timeZone: +02:00")).toEqual([
      '5:11 timeZone: expected the IANA name of a time zone such as "Europe/Berlin", got "+02:00".',
    ]);
  });
});

describe("what a schedule runs", () => {
  it.each([
    [
      "{ at: 09:30, workflow: nihgtly }",
      '4:29 schedules.s.workflow: expected a workflow of this file, got "nihgtly". Did you mean "nightly"?',
    ],
    [
      "{ at: 09:30, task: fetsh }",
      '4:25 schedules.s.task: expected a task of workflow "default", got "fetsh". Did you mean "fetch"?',
    ],
    [
      "{ at: 09:30, workflow: nightly, task: report }",
      '4:44 schedules.s.task: expected a task of workflow "nightly", got "report". It has fetch, mail.',
    ],
    [
      "{ at: 09:30, accounts: [north, soth] }",
      '4:37 schedules.s.accounts[1]: expected an account of this file, got "soth". Did you mean "south"?',
    ],
    [
      "{ at: 09:30, accounts: [north, north] }",
      '4:37 schedules.s.accounts[1]: expected each account once, got "north" again',
    ],
    ["{ at: 09:30, accounts: [] }", "4:29 schedules.s.accounts: expected at least 1 entry"],
  ])("%s: %s", (schedule, said) => {
    expect(problemsIn(schedule)).toEqual([expect.stringContaining(said)]);
  });

  it("has to be named when it is not clear", () => {
    const text = `accounts: [{ id: a }]
workflows: { one: { ${TASKS} }, two: { ${TASKS} } }
schedules:
  s: { at: 09:30 }
  t: { at: 09:30, workflow: two }`;
    expect(problemsOf(text)).toEqual([
      '4:6 schedules.s: expected a workflow to be named: there are several, and none is called "default". Known: one, two.',
    ]);
  });

  it("is a name that can be typed", () => {
    const text = "accounts: [{ id: a, inputs: x }]\nschedules: { 'a b': { at: 09:30 } }";
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^2:14 schedules\.a b: a schedule's name: expected only letters/),
    ]);
  });
});

describe("policies of a schedule", () => {
  it.each([
    [
      "{ at: 09:30, window: 5m, jitter: 10m }",
      '4:39 schedules.s.jitter: expected at most the window of 5m, which slots are started within, got "10m"',
    ],
    ["{ at: 09:30, jitter: 7h }", "4:27 schedules.s.jitter: expected at most the window of 6h"],
    [
      "{ at: 09:30, catchUp: all, overlap: cancel_previous }",
      "4:28 schedules.s.catchUp: expected last or none beside overlap: cancel_previous",
    ],
    ["{ at: 09:30, overlap: skp }", 'got "skp". Did you mean "skip"?'],
    ["{ at: 09:30, window: 0s }", "schedules.s.window: expected a duration longer than 0s"],
  ])("%s: %s", (schedule, said) => {
    expect(problemsIn(schedule)).toEqual([expect.stringContaining(said)]);
  });
});

/** Problems of tasks `a` and `b` of a workflow that runs at 09:30 and at 22:00. */
function taskProblems(
  a: string,
  b: string,
  workflow = "",
  schedule = "at: [09:30, 22:00]",
): string[] {
  return problemsOf(`accounts: [{ id: x }]
schedules: { s: { ${schedule} } }
workflows:
  w:
    ${workflow}
    tasks:
      a: { kind: command, command: [x], ${a} }
      b: { kind: command, command: [x], dependsOn: a, ${b} }`);
}

/** Three tasks, one after the other, the last with a time before that of the first. */
const chain = (more: string) => `accounts: [{ id: x }]
schedules: { s: { at: 09:30 } }
workflows:
  w:
    tasks:
      c: { kind: command, command: [x], dependsOn: b, at: 12:00, window: 1h }
      b: { kind: command, command: [x], dependsOn: [a] }
      a: { kind: command, command: [x], at: 15:00${more} }`;

describe("times of tasks", () => {
  it.each([
    ["at: 9:30", "", '7:45 workflows.w.tasks.a.at: expected a time of the day from "00:00"'],
    ["at: 09:30, window: soon", "", "7:60 workflows.w.tasks.a.window: expected a duration such as"],
    [
      "",
      "window: 5m",
      "8:63 workflows.w.tasks.b.window: expected at beside it: that is when the window begins",
    ],
    [
      "at: 13:05",
      "at: 13:00, window: 1m",
      '8:59 workflows.w.tasks.b.at: expected a time not before that of "a", which it waits for and which starts at 13:05, got "13:00" with a window of 1m',
    ],
  ])("a: %s; b: %s: %s", (a, b, said) => {
    expect(taskProblems(a, b)).toEqual([expect.stringContaining(said)]);
  });

  it.each([
    ["at: 13:05", "at: 13:00, window: 5m"],
    ["at: 13:05", "at: 13:00"],
    ["at: 13:05", "at: 13:00, window: 1m, trigger: always"],
    ["at: 23:00", "at: 02:00, window: 1m"],
  ])("a: %s; b: %s holds", (a, b) => {
    expect(taskProblems(a, b, "", "at: 22:00")).toEqual([]);
  });

  it("cannot come after the deadline of the workflow", () => {
    expect(taskProblems("at: 13:05", "at: 21:00", "deadline: 8h", "at: 09:30")).toEqual([
      '8:59 workflows.w.tasks.b.at: expected a time before the workflow\'s deadline, 8h after its slot at 09:30, got "21:00"',
    ]);
  });

  it("are looked at for schedules of the whole workflow with times of their own alone", () => {
    const hopeless = ["at: 13:05", "at: 13:00, window: 1m", ""] as const;
    expect(taskProblems(...hopeless, "at: 09:30, task: b")).toEqual([]);
    expect(taskProblems(...hopeless, "every: 2h")).toEqual([]);
    expect(taskProblems(...hopeless, "at: 09:30")).toHaveLength(1);
  });

  it("look through tasks between, and stand circles", () => {
    expect(problemsOf(chain(""))).toEqual([
      expect.stringContaining(
        '6:59 workflows.w.tasks.c.at: expected a time not before that of "a"',
      ),
    ]);
    expect(problemsOf(chain(", dependsOn: c"))).toEqual([expect.stringContaining("c → a → b → c")]);
  });
});

/** Two accounts, and a task that refers to something. */
const file = (top: string, account: string, reference: string) => `secrets: ${top}
accounts:
  - { id: a, secrets: { portal: A_PORTAL } }
  - { id: b${account} }
workflows: { w: { tasks: { t: { kind: command, command: [x, "${reference}"] } } } }`;

describe("secrets", () => {
  it("are known at the top or in every account", () => {
    expect(problemsOf(file("{ portal: PORTAL }", "", "p=${secrets.portal}"))).toEqual([]);
    expect(problemsOf(file("{}", ", secrets: { portal: P }", "${secrets.portal}"))).toEqual([]);
  });

  it.each([
    ["${secrets.portl}", '${secrets.portl}: no such secret in secrets. Did you mean "portal"?'],
    [
      "${secrets.portal}",
      '${secrets.portal}: not set for "b"; set it there or in secrets at the top',
    ],
    ["${secrets.a.b}", "${secrets.a.b}: expected ${secrets.NAME}"],
    ["${secrets}", "${secrets}: expected ${secrets.NAME}"],
  ])("%s is told", (reference, said) => {
    expect(problemsOf(file("{}", "", reference))).toEqual([expect.stringContaining(said)]);
  });

  it("that stand there themselves are refused and not shown", () => {
    const problems = problemsOf(file("{ portal: 'hunter2!' }", "", "x"));
    expect(problems).toEqual([
      "1:20 secrets.portal: expected the name of an environment variable or credential: letters, digits and _, never the secret itself",
    ]);
  });
});

describe("the service", () => {
  it.each([
    ["{ port: 70000 }", "1:18 service.port: "],
    ["{ heartbeat: 0s }", "service.heartbeat: expected a duration longer than 0s"],
    ["{ checks: { diskFree: lots } }", 'service.checks.diskFree: expected a size such as "500KB"'],
    ["{ logs: {} }", 'service.logs: unknown setting. Did you mean "log"?'],
  ])("%s: %s", (service, said) => {
    expect(problemsOf(`service: ${service}\naccounts: [{ id: a, inputs: x }]`)).toEqual([
      expect.stringContaining(said),
    ]);
  });
});
