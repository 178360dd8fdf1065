/** The report of a prepared dataset. */
import { page, type Section } from "./page.ts";
import type { ReportInput } from "./report-input.ts";
import {
  columns,
  duplicates,
  heading,
  provenance,
  quality,
  quarantine,
  ranking,
  rowBalance,
  rules,
  stepsDone,
  stepsNotDone,
  timings,
} from "./sections/index.ts";
import { viewOf } from "./view.ts";

/**
 * The report of one prepared dataset. Always smaller than 1 MB: every section has a budget and
 * says what it leaves out. Equal input, equal bytes.
 */
export function renderReport(input: ReportInput): string {
  const view = viewOf(input);
  const sections: Section[] = [
    { id: "rows", title: "Row balance", body: rowBalance(view) },
    { id: "quality", title: "Quality before and after", body: quality(view) },
    { id: "done", title: "What was done", body: stepsDone(view) },
    { id: "not-done", title: "What was not done", body: stepsNotDone(view) },
    { id: "quarantine", title: "Set aside", body: quarantine(view) },
    { id: "duplicates", title: "Duplicates", body: duplicates(view) },
    { id: "columns", title: "Columns", body: columns(view) },
    { id: "ranking", title: "Candidates", body: ranking(view) },
    { id: "rules", title: "Rules", body: rules(view) },
    { id: "provenance", title: "Provenance", body: provenance(view) },
  ];
  if (input.timings !== undefined) {
    sections.push({ id: "timings", title: "Timings", body: timings(input.timings) });
  }
  return page({
    title: `${input.dataset.name.slice(0, 120)} · preparation report`,
    heading: heading(view),
    sections,
    tool: input.tool,
  });
}
