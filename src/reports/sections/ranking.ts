/** The candidates in order, with why. */
import type { Place } from "../../stages/ranking/index.ts";
import { bar } from "../charts/index.ts";
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
  measure,
  name,
  percent,
  prose,
  row,
  score,
  table,
} from "../markup/index.ts";
import type { View } from "../view.ts";

const BUDGET_BYTES = 30_000;

const HEADINGS: readonly Heading[] = [
  { label: "Place", numeric: true },
  { label: "Candidate" },
  { label: "Score" },
  { label: "Rules" },
  { label: "Cells changed", numeric: true },
  { label: "Steps", numeric: true },
  { label: "Expected wrong writes", numeric: true },
  { label: "Why it stands here" },
];

/** The order of the candidates and the parts of their scores. */
export function ranking(view: View): Html {
  const { ranking: order, candidates } = view.input;
  const places = fitting(order.places, BUDGET_BYTES, (place) => placeRow(view, place));
  const parts = fitting(order.places, BUDGET_BYTES, (place) => scoreParts(view, place));
  return html`<p>
      ${counted(candidates.length, "candidate")} compared by the policy ${name(order.policy)}.
      Leaving the table as it is always takes part.
    </p>
    ${table("Best first; the highlighted one was applied.", HEADINGS, places.shown)}${andMore(places.left, "candidates", html`see ${name("ranking.json")}`)}${parts.shown}${andMore(parts.left, "scores", html`see ${name("scores.json")}`)}`;
}

function placeRow({ input }: View, place: Place): Html {
  const candidate = input.candidates.find(({ id }) => id === place.candidateId);
  const won = input.ranking.winner === place.candidateId;
  const cost = input.scores.find(({ candidateId }) => candidateId === place.candidateId)?.cost;
  const title = html`${prose(place.title, 80)}${won && html` <span class="tag">applied</span>`}${candidate !== undefined && html`<br /><span class="muted small">${prose(candidate.description, 240)}</span>`}`;
  return row(
    HEADINGS,
    [
      count(place.rank),
      title,
      html`<b>${score(place.value)}</b>${bar(place.value, `Score ${score(place.value)}`, "plain")}`,
      place.qualified
        ? html`<span class="ok">✓ kept</span>`
        : html`<span class="no">✗ broken</span>`,
      cost === undefined ? "–" : count(cost.cellsChanged),
      cost === undefined ? "–" : count(cost.steps),
      cost === undefined ? "–" : measure(Math.round(cost.expectedCorruptions * 100) / 100),
      prose(place.reason, 300),
    ],
    won ? "best" : undefined,
  );
}

const PARTS: readonly Heading[] = [
  { label: "Metric" },
  { label: "Before", numeric: true },
  { label: "After", numeric: true },
  { label: "Weight", numeric: true },
  { label: "What was counted" },
];

function scoreParts({ input }: View, place: Place): Html {
  const found = input.scores.find(({ candidateId }) => candidateId === place.candidateId);
  const broken = brokenRules(input, place.candidateId);
  if (found === undefined && broken === "") return html``;
  const rows = (found?.parts ?? []).map((part) =>
    row(PARTS, [
      prose(part.metric, 60),
      score(part.before),
      score(part.after),
      percent(part.weight),
      prose(part.evidence, 200),
    ]),
  );
  const cost =
    found !== undefined && html`Description length ${count(found.cost.descriptionBits)} bits.`;
  return folded(
    html`Score of ${prose(place.title, 80)} in its parts`,
    html`${rows.length > 0 && table(cost || "Score parts.", PARTS, rows)}${broken}`,
  );
}

function brokenRules(input: View["input"], candidateId: string): Content {
  const verdict = input.verdicts.find((one) => one.candidateId === candidateId);
  const broken = (verdict?.rules ?? []).filter(({ passed }) => !passed).slice(0, 10);
  if (broken.length === 0) return "";
  return html`<p class="no">Rules broken:</p>
    <ul>
      ${broken.map((rule) => html`<li>${name(rule.rule)} ${prose(rule.message, 300)}</li>`)}
    </ul>`;
}
