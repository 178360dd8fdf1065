/** What identified a row still does. */
import { z } from "zod";
import { parquet } from "../../../core/index.ts";
import { sharedRows } from "../constraint-kinds.ts";
import { askOnce } from "../facts.ts";
import type { ColumnKind } from "../../profiling/index.ts";
import type { Trial } from "../trial.ts";
import type { Measures, RuleOutcome } from "../verdict.ts";

/** Keys looked at, in the profile's order. */
const MAX_KEYS = 10;
const Violations = z.object({ violations: z.number() });

/** Columns of these kinds are meant to tell rows apart; texts and measures may be unique by accident. */
const IDENTIFYING: ReadonlySet<ColumnKind> = new Set(["integer", "code", "email", "phone", "url"]);

/** Count, for the profile's keys whose columns are still there, the rows that share their value. */
export async function measureKeys(trial: Trial): Promise<Measures["keys"]> {
  const { profile, execution, columns, source, touched, ask, signal } = trial;
  const present = (names: readonly string[]) =>
    names.every((name) => columns.includes(name) && execution.columns.includes(name));
  const keys = profile.keys.filter((key) => present(key.columns)).slice(0, MAX_KEYS);
  const measured: Measures["keys"] = [];
  for (const { columns: names } of keys) {
    const query = (table: string) => ({ sql: sharedRows(names, table), row: Violations });
    const [before] = await askOnce(query(source), trial);
    const same = !names.some((name) => touched.has(name));
    const [after] = same ? [before] : await ask(query(parquet(execution.paths.records)), signal);
    measured.push({
      columns: names,
      before: before?.violations ?? 0,
      after: after?.violations ?? 0,
    });
  }
  return measured;
}

/**
 * A key that told all rows apart still does. Keys of identifiers are held against the candidate;
 * a text or a measure that was unique by accident only gives a warning.
 */
export function keysPreserved(keys: Measures["keys"], { profile }: Trial): RuleOutcome[] {
  const exact = keys.filter(({ before }) => before === 0);
  const kindOf = (name: string) => profile.columns.find((column) => column.name === name)?.kind;
  return [true, false].flatMap((hard) => {
    const some = exact.filter(
      ({ columns }) => columns.every((name) => IDENTIFYING.has(kindOf(name) ?? "text")) === hard,
    );
    const broken = some.filter(({ after }) => after > 0);
    if (!hard && broken.length === 0) return [];
    const words = broken.map(({ columns, after }) => `${columns.join(", ")} (${after} rows)`);
    const message =
      broken.length === 0
        ? `All ${some.length} keys still tell every row apart.`
        : `Expected that these stay unique; now rows share their value: ${words.join("; ")}.`;
    const after = broken.reduce((sum, key) => sum + key.after, 0);
    const rule = hard ? "keys" : "keys by accident";
    return [{ rule, hard, passed: broken.length === 0, message, before: 0, after }];
  });
}
