/** Files with dates that schedules are told to leave out. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { flawOfDate } from "./days-entry.ts";
import type { SourceDocument } from "./document.ts";
import type { Path, Problem } from "./problems.ts";
import { valueAt } from "./value-at.ts";

/** Dates by the absolute path of their file. */
export type Holidays = ReadonlyMap<string, readonly string[]>;

/** Mistakes in one file that are told; more are alike. */
const MAX_TOLD = 5;

/**
 * Reads the files that `except` of schedules names: one date a line; what stands after it, or after
 * `#`, is a remark.
 *
 * @param folder - Absolute folder that relative paths start from.
 */
export async function readHolidays(
  value: unknown,
  source: SourceDocument,
  folder: string,
): Promise<{ readonly holidays: Holidays; readonly problems: Problem[] }> {
  const holidays = new Map<string, readonly string[]>();
  const problems: Problem[] = [];
  for (const { name, path } of namedFiles(value)) {
    const file = resolve(folder, name);
    const { dates, flaws } = await datesIn(file);
    holidays.set(file, dates);
    problems.push(...flaws.map((flaw) => source.problem(path, flaw)));
  }
  return { holidays, problems };
}

function namedFiles(value: unknown): { readonly name: string; readonly path: Path }[] {
  const schedules = valueAt(value, ["schedules"]);
  if (typeof schedules !== "object" || schedules === null) return [];
  return Object.entries(schedules).flatMap(([schedule, entry]) => {
    const path = ["schedules", schedule, "except"];
    const except = valueAt(entry, ["except"]);
    const entries = Array.isArray(except)
      ? except.map((one: unknown, i) => ({ one, at: [...path, i, "file"] }))
      : [{ one: except, at: [...path, "file"] }];
    return entries.flatMap(({ one, at }) => {
      const name = valueAt(one, ["file"]);
      return typeof name === "string" && name !== "" ? [{ name, path: at }] : [];
    });
  });
}

async function datesIn(
  file: string,
): Promise<{ readonly dates: readonly string[]; readonly flaws: readonly string[] }> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { dates: [], flaws: [`expected a file with dates: ${why}`] };
  }
  const dates: string[] = [];
  const flaws: string[] = [];
  for (const [i, line] of text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    const [date = ""] = line.trim().split(/[\s#,;]/);
    if (date === "") continue;
    const flaw = flawOfDate(date);
    if (flaw === undefined) dates.push(date);
    else flaws.push(`${file}:${i + 1}: ${flaw}`);
  }
  const others = flaws.length - MAX_TOLD;
  return {
    dates,
    flaws:
      others > 0
        ? [...flaws.slice(0, MAX_TOLD), `${file}: ${others} more lines like these`]
        : flaws,
  };
}
