/** Effects outside of which it is, or was, not known whether they took place. */
import type { EffectRecord } from "../../../orchestration/index.ts";
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
} from "../../markup/index.ts";
import type { RunView } from "../run-view.ts";

const BUDGET_BYTES = 60_000;

const HEADINGS: readonly Heading[] = [
  { label: "Task" },
  { label: "Effect" },
  { label: "Now" },
  { label: "Why" },
  { label: "Intended" },
  { label: "Key" },
];

const WORDS: Readonly<Record<EffectRecord["status"], string>> = {
  INTENDED: "intended",
  DONE: "took place",
  NOT_DONE: "did not take place",
  UNCERTAIN: "uncertain",
};

/** Those that are uncertain first, then those that were and are settled. */
export function uncertainEffects({ input, severalAccounts }: RunView): Html {
  const doubtful = input.effects.filter(isDoubtful);
  const all = counted(input.effects.length, "effect");
  if (doubtful.length === 0) {
    return html`<p>
      ${input.effects.length === 0 ? "No task had an effect outside." : html`Of ${all} outside, none was ever uncertain.`}
    </p>`;
  }
  const open = doubtful.filter(({ status }) => status === "UNCERTAIN");
  const settled = doubtful.filter(({ status }) => status !== "UNCERTAIN");
  const rows = fitting([...open, ...settled], BUDGET_BYTES, (effect) =>
    row(HEADINGS, [
      html`${name(effect.task, 120)}${severalAccounts && html` of ${prose(effect.account, 80)}`}`,
      prose(effect.effect, 120),
      html`<span class="${effect.status === "UNCERTAIN" ? "no" : ""}"
        >${WORDS[effect.status]}</span
      >`,
      prose(effect.reason ?? "", 300),
      prose(effect.intendedAt, 40),
      html`<span class="hash">${name(effect.key, 80)}</span>`,
    ]),
  );
  return html`<p>
      ${open.length === 0 ? html`Nothing is uncertain any more; ${count(settled.length)} of ${all} once ${settled.length === 1 ? "was" : "were"}.` : html`<span class="no">${count(open.length)} of ${all} may or may not have taken place:</span> the work ended between the intention and its outcome. Look on the other side, then say what became of it, so that the run can be resumed.`}
    </p>
    ${table("Uncertain ones first.", HEADINGS, rows.shown)}${andMore(rows.left, "effects")}`;
}

function isDoubtful({ status, wasUncertain }: EffectRecord): boolean {
  return status === "UNCERTAIN" || wasUncertain;
}
