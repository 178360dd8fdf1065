/** Ranking: verdicts and scores in, an order with reasons out. */
export { RankingOptions } from "./options.ts";
export type { Contender, Difference, RankingPolicy } from "./policy.ts";
export { rankCandidates, type RankingRequest } from "./rank-candidates.ts";
export { Place, Ranking } from "./ranking.ts";
export { defineRankingPolicy } from "./registry.ts";
