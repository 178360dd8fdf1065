import type { MetricDefinition } from "../metric.ts";
import { counted, mean, share } from "./words.ts";

/**
 * Rows that stand once, and keys that tell rows apart. Rows that only turn out to be duplicates once
 * their cells are repaired are not held against the repair.
 */
export const uniqueness: MetricDefinition = {
  name: "uniqueness",
  title: "How many rows stand once, in whole and by their keys.",
  measure: ({ profile, dataset, verdict }) => {
    const rows = Math.max(1, dataset.rows);
    const { keys } = verdict.measures;
    const had = profile.duplicates.rows;
    const has = Math.max(0, had - verdict.accounting.duplicatesRemoved);
    const of = (duplicates: number, when: "before" | "after") => [
      1 - share(duplicates, rows),
      ...keys.map((key) => 1 - share(key[when], rows)),
    ];
    const shared = keys.reduce((sum, key) => sum + key.after, 0);
    return {
      before: mean(of(had, "before")),
      after: mean(of(has, "after")),
      evidence: `${counted(has, "row")} ${has === 1 ? "repeats" : "repeat"} an earlier one, ${had} as loaded; ${counted(shared, "row")} ${shared === 1 ? "shares" : "share"} a key.`,
    };
  },
};
