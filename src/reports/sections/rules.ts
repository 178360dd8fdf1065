/** The rules that the applied recipe was held against. */
import type { RuleOutcome } from "../../stages/validation/index.ts";
import {
  andMore,
  count,
  counted,
  fitting,
  type Heading,
  type Html,
  html,
  name,
  prose,
  row,
  table,
} from "../markup/index.ts";
import type { View } from "../view.ts";

const BUDGET_BYTES = 40_000;

const HEADINGS: readonly Heading[] = [
  { label: "Rule" },
  { label: "Outcome" },
  { label: "Breaches before", numeric: true },
  { label: "Breaches after", numeric: true },
  { label: "What was found" },
];

/** Outcomes of all rules, broken ones first. */
export function rules({ verdict }: View): Html {
  if (verdict === undefined) return html`<p>No verdict was recorded for the applied recipe.</p>`;
  if (verdict.rules.length === 0) return html`<p>No rules were set.</p>`;
  const broken = verdict.rules.filter(({ passed }) => !passed);
  const kept = verdict.rules.filter(({ passed }) => passed);
  const { shown, left } = fitting([...broken, ...kept], BUDGET_BYTES, ruleRow);
  const caption = `${counted(kept.length, "rule")} kept, ${count(broken.length)} broken.`;
  return html`${table(caption, HEADINGS, shown)}${andMore(left, "rules", html`see ${name("verdicts.json")}`)}`;
}

function ruleRow(rule: RuleOutcome): Html {
  const outcome = rule.passed
    ? html`<span class="ok">✓ kept</span>`
    : html`<span class="no">✗ ${rule.hard ? "broken" : "warning"}</span>`;
  return row(HEADINGS, [
    name(rule.rule, 80),
    html`${outcome} <span class="muted small">${rule.hard ? "must hold" : "should hold"}</span>`,
    amount(rule.before),
    amount(rule.after),
    prose(rule.message, 300),
  ]);
}

function amount(breaches: number | undefined): string {
  return breaches === undefined ? "–" : count(breaches);
}
