/** A report's input with the look-ups that several sections need. */
import type { Score } from "../stages/scoring/index.ts";
import type { StepRisk } from "../stages/validation/index.ts";
import type { ReportInput, StepChanges } from "./report-input.ts";

/** What a section sees. */
export interface View {
  readonly input: ReportInput;
  /** Of the candidate that was applied. */
  readonly score: Score | undefined;
  readonly verdict: ReportInput["verdicts"][number] | undefined;
  readonly changesOf: ReadonlyMap<string, StepChanges>;
  readonly riskOf: ReadonlyMap<string, StepRisk>;
}

/** Look up what belongs to the applied candidate. */
export function viewOf(input: ReportInput): View {
  const { winner } = input.ranking;
  const verdict = input.verdicts.find(({ candidateId }) => candidateId === winner);
  return {
    input,
    score: input.scores.find(({ candidateId }) => candidateId === winner),
    verdict,
    changesOf: new Map(input.samples.map((changes) => [changes.stepId, changes])),
    riskOf: new Map((verdict?.risks ?? []).map((risk) => [risk.stepId, risk])),
  };
}
