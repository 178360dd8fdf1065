/** What was done: the recipe in sentences, with its evidence and sample changes. */
import { describeStep, type Step } from "../../recipe/index.ts";
import { AS_IS } from "../../stages/transformation/index.ts";
import type { StepRisk } from "../../stages/validation/index.ts";
import {
  andMore,
  type Content,
  count,
  counted,
  fineShare,
  fitting,
  folded,
  type Heading,
  type Html,
  html,
  name,
  prose,
  row,
  sideBySide,
  table,
} from "../markup/index.ts";
import type { ChangedCell, StepChanges } from "../report-input.ts";
import type { View } from "../view.ts";

const BUDGET_BYTES = 230_000;
/** Steps whose samples are shown without a click. */
const OPEN_STEPS = 6;

/** The applied recipe, step by step. */
export function stepsDone(view: View): Html {
  const { steps } = view.input.recipe;
  if (steps.length === 0) return nothingDone(view.input.ranking.winner);
  const { shown, left } = fitting(steps, BUDGET_BYTES, (step, i) => card(view, step, i));
  return html`<p>
      ${counted(steps.length, "step")}, in the order in which they ran. Every single change is in
      ${name("changes.parquet")}.
    </p>
    ${shown}${andMore(left, left === 1 ? "step" : "steps", html`see ${name("recipe.json")}`)}`;
}

function nothingDone(winner: string): Html {
  const why =
    winner === AS_IS
      ? "of all candidates, leaving the table as it is came out best"
      : "no step of the winning candidate was safe enough to write";
  return html`<p>
    Nothing was changed: ${why}. The section <a href="#ranking">Candidates</a> says more.
  </p>`;
}

function card(view: View, step: Step, index: number): Html {
  const changes = view.changesOf.get(step.id);
  return html`<article>
    <h3><span class="step">${index + 1}</span>${prose(describeStep(step), 400)}</h3>
    <p class="small">${stepTags(step)}</p>
    ${because(step)}
    <dl class="facts">
      ${changedFact(changes)}${evidenceFacts(step)}${riskFacts(view.riskOf.get(step.id))}
    </dl>
    ${samples(step, changes, index < OPEN_STEPS)}
  </article>`;
}

/** Operation, columns and author of a step, in small. */
export function stepTags(step: Step): Html {
  const columns = step.columns
    .slice(0, 12)
    .map((column, i) => html`${i > 0 ? ", " : " "}${name(column, 40)}`);
  const more = step.columns.length > 12 ? ` and ${count(step.columns.length - 12)} more` : "";
  const author =
    step.provenance === undefined
      ? ""
      : html` <span class="muted">by ${prose(step.provenance.generator, 60)}</span>`;
  return html`<span class="tag">${prose(step.operation, 60)}</span>${columns}${more}${author}`;
}

/** Why a step was proposed. */
export function because(step: Step): Content {
  return step.evidence !== undefined && html`<p>${prose(step.evidence.because)}</p>`;
}

/** One term with its value. */
export function fact(term: string, value: Content, note: Content = ""): Html {
  return html`<div>
    <dt>${term}</dt>
    <dd>${value}${note !== "" && html` <span class="muted small">${note}</span>`}</dd>
  </div>`;
}

/** What speaks for and against a step. */
export function evidenceFacts(step: Step): Content {
  const { evidence } = step;
  if (evidence === undefined) return fact("Evidence", "none recorded");
  return [
    fact("Expected to change", counted(evidence.affected, "cell")),
    fact("Speak for it", count(evidence.support)),
    fact("Speak against it", count(evidence.counterExamples)),
  ];
}

function changedFact(changes: StepChanges | undefined): Html {
  if (changes === undefined) return fact("Changed", "no cell");
  return fact(
    "Changed",
    counted(changes.cells, "cell"),
    `in ${counted(changes.columns, "column")}`,
  );
}

/** The hold-out test's finding on a step. */
export function riskFacts(risk: StepRisk | undefined): Content {
  if (risk === undefined) return "";
  const bound = fact(
    "Risk bound (95 %)",
    `≤ ${fineShare(risk.corruptionUpper)} of clean cells`,
    `${count(risk.cleanChanged)} of ${count(risk.cleanCells)} touched`,
  );
  if (risk.injected === 0) return bound;
  const restored = `${count(risk.restored)} of ${count(risk.injected)} restored`;
  return [bound, fact("Injected errors", restored, `${count(risk.misrestored)} restored wrongly`)];
}

const ROW: Heading = { label: "Record", numeric: true };
const CHANGE: readonly Heading[] = [
  ROW,
  { label: "Column" },
  { label: "Before" },
  { label: "After" },
];
const CELLS: Heading = { label: "Alike", numeric: true };
const REASON: Heading = { label: "Reason" };

function samples(step: Step, changes: StepChanges | undefined, open: boolean): Content {
  if (changes === undefined || changes.samples.length === 0) return "";
  // The log's reason for a change by this step alone is the sentence above, which is not repeated.
  const own = `${describeStep(step)}.`;
  const cells = changes.samples.map((sample) =>
    sample.reason === own ? Object.assign({}, sample, { reason: null }) : sample,
  );
  const reasons = new Set(cells.map(({ reason }) => reason));
  const [only = null] = reasons;
  const shared = reasons.size === 1 && only !== null ? html` Reason: ${prose(only, 300)}` : "";
  const headings = [...CHANGE, CELLS, ...(reasons.size > 1 ? [REASON] : [])];
  const rows = cells.map((changed) => row(headings, changeCells(changed, reasons.size > 1)));
  const caption = html`Characters that differ are marked; “alike” counts the cells of the column
  changed in the same way.${shared}`;
  return folded(
    `Sample changes: ${count(cells.length)} of ${count(changes.cells)}`,
    table(caption, headings, rows),
    open,
  );
}

function changeCells(changed: ChangedCell, withReason: boolean): Content[] {
  const { before, after } = sideBySide(changed.old, changed.new, {
    before: { length: changed.oldLength ?? undefined },
    after: { length: changed.newLength ?? undefined },
  });
  const cells = [
    count(changed.row),
    name(changed.column, 40),
    before,
    after,
    count(changed.cells ?? 1),
  ];
  return withReason ? [...cells, changed.reason === null ? "" : prose(changed.reason, 200)] : cells;
}
