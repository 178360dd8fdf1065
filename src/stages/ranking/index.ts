/** Ranking: verdicts and scores in, an order with reasons out. */
export { RankingOptions } from "./options.ts";
export { Place, Ranking } from "./ranking.ts";
