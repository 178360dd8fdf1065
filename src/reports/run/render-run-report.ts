import { page, type Section } from "../page.ts";
import type { RunReportInput } from "./run-report-input.ts";
import { RUN_STYLE } from "./run-style.ts";
import { runViewOf } from "./run-view.ts";
import {
  accountTable,
  criticalPath,
  drawing,
  failures,
  runHeading,
  taskTables,
  times,
  uncertainEffects,
} from "./sections/index.ts";

/**
 * The report of one run as a self-contained page without scripts. Every section has a budget and
 * says what it leaves out. Equal input, equal bytes.
 */
export function renderRunReport(input: RunReportInput): string {
  const view = runViewOf(input);
  const sections: Section[] = [
    ...(view.counts.has("FAILED")
      ? [{ id: "failures", title: "What failed", body: failures(view) }]
      : []),
    { id: "timeline", title: "Timeline", body: times(view) },
    { id: "critical-path", title: "Critical path", body: criticalPath(view) },
    { id: "workflow", title: "Workflow", body: drawing(view) },
    { id: "tasks", title: "Tasks", body: taskTables(view) },
    ...(input.accounts.length > 0
      ? [{ id: "accounts", title: "Accounts", body: accountTable(view) }]
      : []),
    { id: "effects", title: "Uncertain effects", body: uncertainEffects(view) },
  ];
  return page({
    title: `${input.run.workflow.slice(0, 120)} · run report`,
    heading: runHeading(view),
    sections,
    tool: input.tool,
    style: RUN_STYLE,
  });
}
