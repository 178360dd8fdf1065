/** The ranking policies by name: the built-in ones and those that user modules add. */
import { didYouMean, WranglerError } from "../../core/index.ts";
import { compositeScore } from "./policies/composite-score.ts";
import { lexicographicSafety } from "./policies/lexicographic-safety.ts";
import { pareto } from "./policies/pareto.ts";
import type { RankingPolicy } from "./policy.ts";

const policies = new Map(
  [compositeScore, lexicographicSafety, pareto].map((policy) => [policy.name, policy]),
);

/** Register a policy under its name; a second one of that name takes its place. */
export function defineRankingPolicy(policy: RankingPolicy): RankingPolicy {
  policies.set(policy.name, policy);
  return policy;
}

/**
 * The policy of a name.
 *
 * @throws {WranglerError} CONFIG_INVALID when there is none; it names a similar one.
 */
export function findPolicy(name: string): RankingPolicy {
  const policy = policies.get(name);
  if (policy) return policy;
  const known = [...policies.keys()].toSorted();
  const reason = `ranking.policy: there is no policy "${name}".${didYouMean(name, known)} Known: ${known.join(", ")}.`;
  throw new WranglerError("CONFIG_INVALID", reason, { name, known });
}
