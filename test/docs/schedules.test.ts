import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadSettings } from "../../src/config/index.ts";
import { resolveTimetable } from "../../src/config/resolve-schedule.ts";
import { ScheduleEntry } from "../../src/config/schedule-entry.ts";
import { slotsBetween } from "../../src/schedule/index.ts";
import { docPath } from "./generated.ts";

const page = await readFile(docPath("schedules.md"), "utf8");

/** What the first example leaves to the reader. */
const REST = `
workflows:
  daily: { tasks: { fetch: { kind: prepare } } }
  watch: { tasks: { fetch: { kind: prepare } } }
`;

describe("the examples of docs/schedules.md", () => {
  it("hold", async () => {
    const folder = await mkdtemp(join(tmpdir(), "schedules-doc-"));
    const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!);
    expect(blocks.length).toBe(2);
    await writeFile(join(folder, "holidays.txt"), "2026-06-04 Corpus Christi\n");
    for (const block of blocks) {
      const file = join(folder, "pipeline.yaml");
      const rest = block.includes("workflows:") ? "" : REST;
      await writeFile(file, `${block}${rest}\naccounts: [{ id: north, inputs: x.csv }]\n`);
      const { schedules } = await loadSettings(file, { env: {}, workflow: null });
      expect(schedules.length).toBeGreaterThan(0);
    }
    await rm(folder, { recursive: true });
  });
});

/** Local times of a rule's slots on a day in Berlin. */
function timesOn(rule: string, date: string): string[] {
  const entry = ScheduleEntry.parse(parse(`{ ${rule} }`));
  const context = { timeZone: "Europe/Berlin", holidays: new Map(), folder: "" };
  const noon = Date.parse(`${date}T12:00Z`);
  const clock = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Europe/Berlin",
    dateStyle: "short",
    timeStyle: "short",
  });
  const around = slotsBetween(
    resolveTimetable(entry, context),
    noon - 86_400_000,
    noon + 86_400_000,
  );
  return Array.from(around, (slot) => clock.format(slot).split(" "))
    .filter(([day]) => day === date)
    .map(([, time = ""]) => time);
}

describe("the table of changed clocks in docs/schedules.md", () => {
  const rows = [...page.matchAll(/^\| `((?:at|cron|every): [^`]*)` *\| ([^|]*)\| ([^|]*)\|$/gm)];

  it("is found", () => {
    expect(rows.length).toBe(7);
  });

  it.each(
    rows.flatMap(([, rule, march, october]) => [
      [rule!, "2026-03-29", march!.trim()],
      [rule!, "2026-10-25", october!.trim()],
    ]),
  )("%s on %s: %s", (rule, date, said) => {
    const times = timesOn(rule, date);
    const count = said.startsWith("none")
      ? 0
      : Number(/(\d+) slots/.exec(said)?.[1] ?? times.length);
    expect(times).toHaveLength(count);
    const each = said.includes("twice") ? 2 : 1;
    for (const time of said.match(/\d\d:\d\d/g) ?? []) {
      expect(times.filter((one) => one === time)).toHaveLength(each);
    }
  });
});
