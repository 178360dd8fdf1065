/**
 * Validates one candidate: runs it, takes out the steps that cannot be trusted, repeats those that
 * have not settled, and holds what remains against the rules.
 *
 * @module
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { WranglerError } from "../../core/index.ts";
import type { AS_IS } from "../transformation/index.ts";
import { demote } from "./demote.ts";
import { changesByColumn } from "./risk/changed.ts";
import { dependenciesKept, measureDependencies } from "./rules/dependencies.ts";
import { idempotence } from "./rules/idempotence.ts";
import { keysPreserved, measureKeys } from "./rules/keys.ts";
import { leakage } from "./rules/leakage.ts";
import { rowAccounting, rowCount, schemaPreserved } from "./rules/row-rules.ts";
import { userConstraints } from "./rules/user-constraints.ts";
import { type Settled, settle } from "./settle.ts";
import { comparisonOf, type Trial, type ValidationRequest } from "./trial.ts";
import type { Measures, RuleOutcome, Verdict } from "./verdict.ts";

const asIs: typeof AS_IS = "as-is";

/**
 * Validate a candidate.
 *
 * @throws {WranglerError} RECIPE_INVALID when it does not fit the table, COLUMN_UNKNOWN or
 *   CONFIG_INVALID when a constraint does not, ARTIFACT_INVALID when it was made for another dataset.
 */
export async function validateCandidate(request: ValidationRequest): Promise<Verdict> {
  const { candidate, folder } = request;
  checkDataset(request);
  const scratch = join(folder, "trials");
  try {
    const settled = await settle(await demote(request, scratch), request, scratch);
    const { trial, risks, taken } = settled;
    const constraints = await userConstraints(request.options.constraints, comparisonOf(trial));
    const measures: Measures = {
      constraints: constraints.map(({ rule, before = null, after = trial.rows }) => ({
        rule,
        before,
        after,
      })),
      dependencies: await measureDependencies(trial),
      keys: await measureKeys(trial),
      changes: await changesByColumn(trial),
    };
    const rules = [...(await judge(settled, measures, request)), ...constraints].map((rule) =>
      candidate.id === asIs && !rule.passed ? excused(rule) : rule,
    );
    const passed = candidate.id === asIs || rules.every((rule) => rule.passed || !rule.hard);
    return {
      version: 1,
      candidateId: candidate.id,
      passed,
      rules,
      risks,
      recipe: trial.recipe,
      suggestions: taken,
      measures,
      accounting: accountingOf(request, trial),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function judge(
  { trial, second }: Settled,
  { dependencies, keys }: Measures,
  { dataset, options }: ValidationRequest,
): Promise<RuleOutcome[]> {
  const { columns } = trial;
  return [
    await rowAccounting(dataset, trial),
    ...(options.preserveSchema ? [schemaPreserved(trial)] : []),
    rowCount(trial, options),
    ...keysPreserved(keys, trial),
    idempotence(second),
    await dependenciesKept(dependencies, trial, options),
    // Steps that were taken out leak nothing; what was proposed is shown with the suggestions.
    ...(options.checkLeakage ? [leakage(trial.recipe.steps, columns, options)] : []),
  ];
}

/** "As is" is the yardstick: what it breaks is said, and disqualifies others only. */
function excused(rule: RuleOutcome): RuleOutcome {
  return { ...rule, message: `${rule.message} Left as is, it is not held against this candidate.` };
}

function accountingOf({ dataset }: ValidationRequest, trial: Trial): Verdict["accounting"] {
  const { rowsOut, rowsQuarantined, duplicatesRemoved, cellsChanged, cellsQuarantined } =
    trial.execution.counts;
  return {
    recordsIn: dataset.records,
    rowsOut,
    rowsQuarantined: rowsQuarantined + dataset.rejected,
    duplicatesRemoved,
    cellsChanged,
    cellsQuarantined,
  };
}

function checkDataset({ candidate, dataset }: ValidationRequest): void {
  if (candidate.fingerprint === dataset.fingerprint) return;
  const reason = `Candidate "${candidate.id}" was made for a dataset with the fingerprint ${candidate.fingerprint}; "${dataset.name}" has ${dataset.fingerprint}.`;
  throw new WranglerError("ARTIFACT_INVALID", reason, { candidate: candidate.id });
}
