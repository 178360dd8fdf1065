/** What was not done: steps that were found but not applied, and why. */
import { describeStep, type Step } from "../../recipe/index.ts";
import {
  andMore,
  type Content,
  count,
  counted,
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
import type { View } from "../view.ts";
import { because, evidenceFacts, riskFacts, stepTags } from "./steps.ts";

const BUDGET_BYTES = 80_000;

/** Steps left to a person to decide. */
export function stepsNotDone(view: View): Html {
  const { suggestions } = view.input;
  if (suggestions.length === 0) {
    return html`<p>No suggestion is left for a person to decide.</p>`;
  }
  const { shown, left } = fitting(suggestions, BUDGET_BYTES, (step) => card(view, step));
  return html`<p>
      ${counted(suggestions.length, "step")} found but not applied, because clean cells might have
      suffered. Look at them; what is right can be put into ${name("recipe.json")}.
    </p>
    ${shown}${andMore(left, left === 1 ? "step" : "steps", html`see ${name("verdicts.json")}`)}`;
}

function card(view: View, step: Step): Html {
  const risk = view.riskOf.get(step.id);
  const demoted = risk !== undefined && risk.decision !== "write" ? risk : undefined;
  const why =
    demoted === undefined
      ? html`<p>
          <strong>Why not:</strong> the evidence is not strong enough to write without a person’s
          look.
        </p>`
      : html`<p><strong>Why not:</strong> ${prose(demoted.reason, 400)}</p>`;
  return html`<article>
    <h3>${prose(describeStep(step), 400)}</h3>
    <p class="small">${stepTags(step)}</p>
    ${because(step)}${why}
    <dl class="facts">${evidenceFacts(step)}${riskFacts(demoted)}</dl>
    ${samples(step)}
  </article>`;
}

const HEADINGS: readonly Heading[] = [
  { label: "As it is" },
  { label: "As suggested" },
  { label: "Cells", numeric: true },
];

function samples(step: Step): Content {
  const changes = step.evidence?.samples ?? [];
  if (changes.length === 0) return "";
  const rows = changes.map((change) => {
    const { before, after } = sideBySide(change.old, change.new);
    return row(HEADINGS, [before, after, count(change.count)]);
  });
  return folded("What it would change", table("Most frequent changes first.", HEADINGS, rows));
}
