/**
 * Ranks candidates by a policy and says why each stands where it stands.
 *
 * @module
 */
import { WranglerError } from "../../core/index.ts";
import type { Score } from "../scoring/index.ts";
import type { AS_IS, Candidate } from "../transformation/index.ts";
import type { Verdict } from "../validation/index.ts";
import type { RankingOptions } from "./options.ts";
import { cellsChanged, lexicographic } from "./policies/criteria.ts";
import type { Contender, Difference, RankingPolicy } from "./policy.ts";
import type { Place, Ranking } from "./ranking.ts";
import { findPolicy } from "./registry.ts";

const asIs: typeof AS_IS = "as-is";

/** What ranking needs: each candidate with its verdict and its score, in any order. */
export interface RankingRequest {
  readonly candidates: readonly Candidate[];
  readonly verdicts: readonly Verdict[];
  readonly scores: readonly Score[];
  readonly options: RankingOptions;
}

/**
 * Rank candidates. Those that broke a hard rule come last and never win; "as is" takes part like any
 * other and wins ties, because it changes no cell.
 *
 * @throws {WranglerError} CONFIG_INVALID for an unknown policy, ARTIFACT_INVALID for a candidate
 *   without verdict or score, NO_CANDIDATE when none is qualified.
 */
export function rankCandidates(request: RankingRequest): Ranking {
  const policy = findPolicy(request.options.policy);
  const all = request.candidates.map((candidate) => contenderOf(candidate, request));
  const qualified = all.filter(isQualified);
  const compare = (a: Contender, b: Contender) => difference(a, b, policy, qualified);
  const first = qualified.toSorted((a, b) => compare(a, b).order);
  const last = all.filter((contender) => !isQualified(contender)).toSorted(byScore);
  const [winner] = first;
  if (!winner) {
    const rules = last.map((contender) => `${contender.candidate.id}: ${brokenRule(contender)}`);
    throw new WranglerError("NO_CANDIDATE", rules.join(" "), {});
  }
  const reasons = [
    ...first.map((contender, i) => reasonOf(contender, first[i - 1], first[i + 1], compare)),
    ...last.map((contender) => `Out of the ranking: ${brokenRule(contender)}`),
  ];
  return {
    version: 1,
    policy: policy.name,
    places: [...first, ...last].map((contender, i) => placeOf(contender, i + 1, reasons[i] ?? "")),
    winner: winner.candidate.id,
  };
}

/** Whether a candidate is worth less than "as is", or no more. */
function isNoGain({ candidate, score }: Contender, all: readonly Contender[]): boolean {
  const yardstick = all.find((other) => other.candidate.id === asIs);
  return yardstick !== undefined && candidate.id !== asIs && score.value <= yardstick.score.value;
}

/** The policy's word, then fewer changed cells, then the id: never a tie. */
function difference(
  a: Contender,
  b: Contender,
  policy: RankingPolicy,
  all: readonly Contender[],
): Difference {
  const [first, second] = [isNoGain(a, all), isNoGain(b, all)];
  if (first !== second) {
    const [better, other] = first ? [b, a] : [a, b];
    const reason =
      better.candidate.id === asIs
        ? `the score of ${better.score.value} is not exceeded`
        : `the score of ${better.score.value} exceeds that of the table as it is, which ${other.score.value} does not`;
    return { order: first ? 1 : -1, reason };
  }
  const byPolicy = policy.compare(a, b, all);
  if (byPolicy.order !== 0) return byPolicy;
  const byCells = lexicographic(a, b, [cellsChanged]);
  if (byCells.order !== 0) return { ...byCells, reason: `all else is equal and ${byCells.reason}` };
  if (a === b) return { order: 0, reason: "" };
  return {
    order: a.candidate.id < b.candidate.id ? -1 : 1,
    reason: "all is equal and its name comes first",
  };
}

function reasonOf(
  contender: Contender,
  better: Contender | undefined,
  worse: Contender | undefined,
  compare: (a: Contender, b: Contender) => Difference,
): string {
  if (better) {
    return `Behind ${better.candidate.id}, of which ${compare(better, contender).reason}; ${gained(contender)}.`;
  }
  if (!worse) return `The only qualified candidate; ${gained(contender)}.`;
  return `Best, before ${worse.candidate.id}: ${compare(contender, worse).reason}; ${gained(contender)}.`;
}

/** What a candidate does for the table, by the metric that it helps or hurts most. */
function gained({ candidate, score }: Contender): string {
  if (candidate.id === asIs || score.cost.cellsChanged === 0) return "it changes nothing";
  const parts = score.parts.map((part) => ({
    ...part,
    by: (part.after - part.before) * part.weight,
  }));
  const [most] = parts.toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by));
  if (!most || most.by === 0) return `its ${score.cost.cellsChanged} changes move no metric`;
  const [before, after] = [most.before, most.after].map((share) => Number(share.toPrecision(4)));
  return `its ${score.cost.cellsChanged} changed cells move ${most.metric} most, from ${before} to ${after}`;
}

function brokenRule({ verdict }: Contender): string {
  const broken = verdict.rules.filter((rule) => rule.hard && !rule.passed);
  return broken.map(({ rule, message }) => `${rule}. ${message}`).join(" ") || "it did not pass.";
}

function isQualified({ verdict }: Contender): boolean {
  return verdict.passed;
}

function byScore(a: Contender, b: Contender): number {
  return b.score.value - a.score.value || (a.candidate.id < b.candidate.id ? -1 : 1);
}

function placeOf(contender: Contender, rank: number, reason: string): Place {
  const { candidate, score } = contender;
  return {
    rank,
    candidateId: candidate.id,
    title: candidate.title,
    value: score.value,
    qualified: isQualified(contender),
    reason,
  };
}

function contenderOf(candidate: Candidate, { verdicts, scores }: RankingRequest): Contender {
  const verdict = verdicts.find(({ candidateId }) => candidateId === candidate.id);
  const score = scores.find(({ candidateId }) => candidateId === candidate.id);
  if (verdict && score) return { candidate, verdict, score };
  const reason = `Candidate "${candidate.id}" has no ${verdict ? "score" : "verdict"}.`;
  throw new WranglerError("ARTIFACT_INVALID", reason, { candidate: candidate.id });
}
