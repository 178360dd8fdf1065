/** What the soak runs: small tasks on many slots, in two zones, for two accounts. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A schedule as the soak's own oracle knows it. */
export interface SoakSchedule {
  readonly name: string;
  readonly zone: string;
  /** Of the day, `HH:mm`. */
  readonly times: readonly string[];
}

export const SCHEDULES: readonly SoakSchedule[] = [
  // 02:30 does not exist on one day of the year, and exists twice on another.
  { name: "berlin", zone: "Europe/Berlin", times: ["02:30", "09:30", "13:00"] },
  { name: "st-johns", zone: "America/St_Johns", times: ["01:30", "16:00"] },
];

export const ACCOUNTS = ["north", "south"] as const;

/** Fails now and then, always the same way; what it did is a line in a file. */
const WORK = `
import { appendFile } from "node:fs/promises";
export default async function ({ options, runId, account, task, scheduledAt, attempt, effect }) {
  const odd = [...runId].reduce((sum, char) => sum + char.codePointAt(0), 0) % 7 === 0;
  if (options.flaky && odd && attempt === 1) {
    throw Object.assign(new Error("not now"), { code: "ECONNRESET" });
  }
  await effect({
    name: "note",
    cause: async (key) => {
      await appendFile(options.lines, [key, scheduledAt, account, task].join(" ") + "\\n");
      return {};
    },
    probe: async (key) => {
      const { readFile } = await import("node:fs/promises");
      const text = await readFile(options.lines, "utf8").catch(() => "");
      return text.includes(key) ? { done: true, outcome: {} } : { done: false };
    },
  });
  return { at: scheduledAt };
}
`;

/** Where each task notes what it did: `KEY SLOT ACCOUNT TASK`. */
export const LINES = "lines.txt";

export async function writeWorkshop(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "work.mjs"), WORK);
  await writeFile(join(folder, LINES), "");
  const schedules = SCHEDULES.map(
    ({ name, zone, times }) =>
      `  ${name}: { workflow: day, at: ${JSON.stringify(times)}, timeZone: ${zone}, catchUp: all, window: 12h, overlap: queue }`,
  );
  const work = (more: string) =>
    `{ kind: module, path: work.mjs, with: { lines: ${JSON.stringify(join(folder, LINES))}, ${more} }`;
  const configPath = join(folder, "pipeline.yaml");
  await writeFile(
    configPath,
    `
pipeline: { name: soak }
timeZone: Europe/Berlin
checkpoints: { keepRuns: 60 }
service: { port: null }
schedules:
${schedules.join("\n")}
workflows:
  day:
    tasks:
      fetch: ${work("flaky: true")}, retry: 3 }
      use: ${work("flaky: false")}, dependsOn: fetch }
accounts:
${ACCOUNTS.map((id) => `  - id: ${id}`).join("\n")}
`,
  );
  return configPath;
}
