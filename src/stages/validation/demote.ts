/** Takes out of a recipe the steps that the risk test does not trust. */
import { riskTest } from "./risk/risk-test.ts";
import type { Step } from "../../recipe/index.ts";
import { runTrial, type Trial, type ValidationRequest } from "./trial.ts";
import type { StepRisk } from "./verdict.ts";

/** Taking a step out changes what the others see, so they are tested again, this often at most. */
const MAX_ROUNDS = 3;

/** A recipe after demotion. */
export interface Demoted {
  readonly trial: Trial;
  /** What was found of each step, in the candidate's order; the last word on each. */
  readonly risks: StepRisk[];
  /** Steps taken out, in the candidate's order. */
  readonly taken: Step[];
}

/** Test a candidate's steps and run it without those that fail, until none fails. */
export async function demote(request: ValidationRequest, scratch: string): Promise<Demoted> {
  const { recipe } = request.candidate;
  const limits = request.options.riskTest;
  const known = new Map<string, StepRisk>();
  let steps = recipe.steps;
  let trial = await runTrial(recipe, request, scratch);
  for (let round = 0; limits.enabled && round < MAX_ROUNDS; round++) {
    const found = await riskTest(trial, { limits, folder: scratch });
    for (const risk of found) known.set(risk.stepId, risk);
    const kept = steps.filter(({ id }) => (known.get(id)?.decision ?? "write") === "write");
    if (kept.length === steps.length) break;
    steps = kept;
    trial = await runTrial({ ...recipe, steps }, request, scratch);
  }
  const remaining = new Set(steps.map(({ id }) => id));
  return {
    trial,
    risks: recipe.steps.flatMap(({ id }) => known.get(id) ?? []),
    taken: recipe.steps.filter(({ id }) => !remaining.has(id)),
  };
}
