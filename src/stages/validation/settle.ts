/**
 * Brings a recipe to the point where a second run changes nothing: a vote may have more to say once
 * the cells around have been repaired.
 *
 * @module
 */
import type { Recipe, Step } from "../../recipe/index.ts";
import type { Demoted } from "./demote.ts";
import { looksElsewhere, riskTest } from "./risk/risk-test.ts";
import { runAgain, type SecondRun } from "./rules/idempotence.ts";
import { runTrial, type ValidationRequest } from "./trial.ts";
import type { StepRisk } from "./verdict.ts";

/** A step whose second run still changes something is repeated this often at most. */
const MAX_REPEATS = 2;

/** A recipe that was brought to rest, as far as it could be, and what its second run did. */
export interface Settled extends Demoted {
  readonly second: SecondRun;
}

/**
 * Repeat the steps that a second run finds unsettled. Steps that look at other cells and do not come
 * to rest are taken out; other unsettled steps stay, and the idempotence rule will say so.
 */
export async function settle(
  start: Demoted,
  request: ValidationRequest,
  scratch: string,
): Promise<Settled> {
  const { recipe } = start.trial;
  let { trial, risks } = start;
  let second = await runAgain(trial, scratch);
  for (let n = 1; n <= MAX_REPEATS && !atRest(second); n++) {
    const longer = repeated(trial.recipe, recipe, second, n);
    const next = await runTrial(longer, request, scratch);
    // How well they guess is known from their first run; here counts that clean cells stay clean.
    const limits = request.options.riskTest;
    const found = limits.enabled ? await riskTest(next, { limits }) : [];
    if (found.some(({ decision }) => decision !== "write")) break;
    trial = next;
    risks = [...start.risks, ...found.filter((risk) => !isIn(start.risks, risk))];
    second = await runAgain(trial, scratch);
  }
  if (atRest(second)) return { ...start, trial, risks, second };
  return withoutRestless(start, second, request, scratch);
}

async function withoutRestless(
  { trial: { recipe }, risks, taken }: Demoted,
  { unsettled }: SecondRun,
  request: ValidationRequest,
  scratch: string,
): Promise<Settled> {
  const bases = new Set(unsettled.map((id) => baseOf(id, recipe)));
  const restless = recipe.steps.filter((step) => bases.has(step.id) && looksElsewhere(step));
  const steps = recipe.steps.filter((step) => !restless.includes(step));
  const trial = await runTrial({ ...recipe, steps }, request, scratch);
  const reason = "Each run over its own result changes more cells: it does not come to rest.";
  return {
    trial,
    second: await runAgain(trial, scratch),
    risks: risks.map((risk) =>
      restless.some(({ id }) => id === risk.stepId)
        ? { ...risk, decision: "suggest" as const, reason }
        : risk,
    ),
    taken: request.candidate.recipe.steps.filter(
      (step) => isIn(taken, step) || isIn(restless, step),
    ),
  };
}

/** The recipe with its unsettled steps once more at its end. */
function repeated(current: Recipe, original: Recipe, { unsettled }: SecondRun, n: number): Recipe {
  const bases = new Set(unsettled.map((id) => baseOf(id, original)));
  const again: Step[] = [];
  for (const step of original.steps) {
    if (bases.has(step.id)) again.push({ ...step, id: freeId(`${step.id}-again-${n}`, current) });
  }
  return { ...current, steps: [...current.steps, ...again] };
}

/** The step of the original recipe that a repeated one repeats. */
function baseOf(id: string, { steps }: Recipe): string {
  if (steps.some((step) => step.id === id)) return id;
  return id.replace(/-again-\d+_*$/, "");
}

function freeId(id: string, recipe: Recipe): string {
  return recipe.steps.some((step) => step.id === id) ? freeId(`${id}_`, recipe) : id;
}

function atRest({ cells, rows }: SecondRun): boolean {
  return cells + rows === 0;
}

function isIn<T extends Step | StepRisk>(list: readonly T[], item: T): boolean {
  return list.some((entry) => keyOf(entry) === keyOf(item));
}

function keyOf(entry: Step | StepRisk): string {
  return "stepId" in entry ? entry.stepId : entry.id;
}
