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
import { cellsChanged, lexicographic, shown } from "./policies/criteria.ts";
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
    const figures = `${shown(better.score.value, other.score.value)} against ${shown(other.score.value, better.score.value)}`;
    const reason =
      better.candidate.id === asIs
        ? `a score that is not exceeded (${figures})`
        : `a score above that of the table as it is (${figures})`;
    return { order: first ? 1 : -1, reason };
  }
  const byPolicy = policy.compare(a, b, all);
  if (byPolicy.order !== 0) return byPolicy;
  const byCells = lexicographic(a, b, [cellsChanged]);
  if (byCells.order !== 0) return { ...byCells, reason: `${byCells.reason}, all else being equal` };
  if (a === b) return { order: 0, reason: "" };
  return {
    order: a.candidate.id < b.candidate.id ? -1 : 1,
    reason: "a name that comes first, all else being equal",
  };
}

function reasonOf(
  contender: Contender,
  better: Contender | undefined,
  worse: Contender | undefined,
  compare: (a: Contender, b: Contender) => Difference,
): string {
  if (better) {
    return `Behind ${better.candidate.id}, which has ${compare(better, contender).reason}: ${gained(contender)}.`;
  }
  if (!worse) return `The only qualified candidate: ${gained(contender)}.`;
  return `Best, ahead of ${worse.candidate.id} with ${compare(contender, worse).reason}: ${gained(contender)}.`;
}

/** What a candidate does for the table, by the metric that it helps or hurts most. */
function gained({ candidate, score }: Contender): string {
  if (candidate.id === asIs || score.cost.cellsChanged === 0) return "it changes nothing";
  const parts = score.parts.map((part) => ({
    ...part,
    by: (part.after - part.before) * part.weight,
  }));
  const [most] = parts.toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by));
  const one = score.cost.cellsChanged === 1;
  const cells = `its ${score.cost.cellsChanged.toLocaleString("en")} changed cell${one ? "" : "s"} move${one ? "s" : ""}`;
  if (!most || most.by === 0) return `${cells} no metric`;
  const { before, after, metric } = most;
  return `${cells} ${metric} most, from ${shown(before, after)} to ${shown(after, before)}`;
}

function brokenRule({ verdict }: Contender): string {
  const broken = verdict.rules.filter((rule) => rule.hard && !rule.passed);
  return (
    broken.map(({ rule, message }) => `it breaks the rule "${rule}". ${message}`).join(" ") ||
    "it did not pass."
  );
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
