/**
 * The hold-out risk test: which steps of a candidate can be trusted to write?
 *
 * A step stays when it leaves the cells alone that look clean and, if it repairs by looking at other
 * cells, brings back what was put out of order on purpose. What it cannot show it does not write.
 *
 * @module
 */
import { findOperation, type Step } from "../../../recipe/index.ts";
import type { ValidationOptions } from "../options.ts";
import type { Trial } from "../trial.ts";
import type { StepRisk } from "../verdict.ts";
import { wilsonLower, wilsonUpper } from "../wilson.ts";
import { changedByStep } from "./changed.ts";
import { type CleanCells, cleanCells } from "./clean-cells.ts";
import { injectNoise, type Restoration } from "./injection.ts";

type Limits = ValidationOptions["riskTest"];
type Thresholds = Pick<Limits, "maxCorruption" | "minPrecision">;
type Figures = Omit<StepRisk, "decision" | "reason">;

const NO_NOISE = { injected: 0, restored: 0, misrestored: 0 };

/** Fewer restorations than this cannot show a precision by their lower bound; their share is taken. */
const ENOUGH_RESTORATIONS = 100;

/** What the test found about one step. */
export interface StepFindings {
  readonly changed: number;
  readonly cleanCells: CleanCells | undefined;
  readonly restoration: Restoration | undefined;
}

/** How a test is made. */
export interface RiskTestOptions {
  readonly limits: Limits;
  /** Folder for the noisy copy and what the recipe makes of it; no noise is tried when left out. */
  readonly folder?: string;
}

/** Test every step of a trial that writes cells. */
export async function riskTest(
  trial: Trial,
  { limits, folder }: RiskTestOptions,
): Promise<StepRisk[]> {
  const steps = trial.recipe.steps.filter((step) => writesCells(step));
  const changed = await changedByStep(trial);
  const active = steps.filter(({ id }) => (changed.get(id) ?? 0) > 0);
  const clean = await cleanCells(active, trial);
  const guessing = active.filter((step) => looksElsewhere(step));
  const restorations =
    folder === undefined || guessing.length === 0
      ? []
      : await injectNoise(guessing, trial, { seed: limits.seed, folder });
  return steps.map((step) =>
    judgeStep(
      step.id,
      {
        changed: changed.get(step.id) ?? 0,
        cleanCells: clean.find(({ stepId }) => stepId === step.id),
        restoration: restorations.find(({ stepId }) => stepId === step.id),
      },
      limits,
    ),
  );
}

/** What is done with a step, given what was found. */
export function judgeStep(stepId: string, findings: StepFindings, limits: Thresholds): StepRisk {
  const figures = figuresOf(stepId, findings);
  if (figures.changed === 0)
    return { ...figures, decision: "write", reason: "It changes no cell." };
  const fault =
    corruptionFault(figures, findings.cleanCells, limits) ??
    precisionFault(figures, findings.restoration?.doubt ?? 0, limits);
  if (fault !== undefined) return { ...figures, decision: "suggest", reason: fault };
  return { ...figures, decision: "write", reason: trusted(figures) };
}

function figuresOf(
  stepId: string,
  { changed, cleanCells: seen, restoration }: StepFindings,
): Figures {
  const { clean, changed: cleanChanged } = seen ?? { clean: 0, changed: 0 };
  const { restored, misrestored, injected } = restoration ?? NO_NOISE;
  const corruptionUpper = clean === 0 ? 0 : wilsonUpper(cleanChanged, clean);
  const seenCells = { cleanCells: clean, cleanChanged, corruptionUpper };
  return { stepId, changed, ...seenCells, injected, restored, misrestored };
}

/** All clean cells were looked at: none changed is a fact and not an estimate, however few they are. */
function corruptionFault(
  { cleanChanged, cleanCells: clean, corruptionUpper }: Figures,
  seen: CleanCells | undefined,
  { maxCorruption }: Thresholds,
): string | undefined {
  if (cleanChanged === 0 || corruptionUpper <= maxCorruption) return undefined;
  return `It would change ${cleanChanged} of ${clean} cells that look right${exampleOf(seen)}; with 95 % confidence up to ${percent(corruptionUpper)} of them, where ${percent(maxCorruption)} is allowed.`;
}

/** What was wrong before the noise comes back "wrong" when it is repaired: that much is not held against the step. */
function precisionFault(
  { restored, misrestored }: Figures,
  doubt: number,
  { minPrecision }: Thresholds,
): string | undefined {
  if (misrestored === 0) return undefined;
  const precision = provenPrecision(restored, misrestored);
  const needed = Math.max(0, minPrecision - doubt);
  if (precision >= needed) return undefined;
  return `Of ${restored + misrestored} cells with noise that it wrote to, ${misrestored} came back wrong: a precision of ${percent(precision)}, where ${percent(needed)} is needed.`;
}

function provenPrecision(restored: number, misrestored: number): number {
  const written = restored + misrestored;
  return written < ENOUGH_RESTORATIONS ? restored / written : wilsonLower(restored, written);
}

function trusted(risk: Figures): string {
  const kept =
    risk.cleanChanged === 0
      ? `It leaves all ${risk.cleanCells} cells alone that look right`
      : `It changes ${risk.cleanChanged} of ${risk.cleanCells} cells that look right, which is allowed`;
  const written = risk.restored + risk.misrestored;
  if (written === 0) return `${kept}.`;
  return `${kept}, and of ${risk.injected} cells with noise it brought ${risk.restored} back right and ${risk.misrestored} wrong.`;
}

function exampleOf(seen: CleanCells | undefined): string {
  if (!seen?.example) return "";
  const { old, new: written } = seen.example;
  return `, such as "${old}" → ${written === null ? "empty" : `"${written}"`}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** Whether a step writes values into cells; the others move, list or remove. */
function writesCells({ operation }: Step): boolean {
  const { scope } = findOperation(operation);
  return scope === "cell" || scope === "table";
}

/** Whether what a step writes is not said by the cell itself. */
export function looksElsewhere({ operation }: Step): boolean {
  return findOperation(operation).scope === "table" || operation === "fill_constant";
}
