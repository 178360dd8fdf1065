import type { MetricDefinition, MetricContext } from "../metric.ts";
import { counted, mean, share } from "./words.ts";

/** Rows that agree with what follows from other columns, and with the user's constraints. */
export const consistency: MetricDefinition = {
  name: "consistency",
  title: "How many rows agree with the table's dependencies and the user's rules.",
  measure: ({ verdict, dataset }: MetricContext) => {
    const { dependencies, constraints } = verdict.measures;
    const rows = Math.max(1, dataset.rows);
    const of = (when: "before" | "after") => [
      // Held against all rows: one that only now has a value to compare must not dilute the rest.
      ...dependencies.map((dependency) => 1 - share(dependency[when], rows)),
      ...constraints.map((c) => 1 - share(c[when] ?? c.after, rows)),
    ];
    const sum = (when: "before" | "after") =>
      dependencies.reduce((total, d) => total + d[when], 0) +
      constraints.reduce((total, c) => total + (c[when] ?? 0), 0);
    const what = `${counted(dependencies.length, "dependency").replace(/ys$/, "ies")} and ${counted(constraints.length, "rule")}`;
    return {
      before: mean(of("before")),
      after: mean(of("after")),
      evidence:
        dependencies.length + constraints.length === 0
          ? "No strong dependency and no rule to hold the table against."
          : `${counted(sum("after"), "violation")} of ${what}, ${sum("before")} as loaded.`,
    };
  },
};
