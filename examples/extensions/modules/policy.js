/** A ranking policy of one's own: the candidate that breaks the fewest rules, then the best score. */
import { defineRankingPolicy } from "data-wrangler";

defineRankingPolicy({
  name: "rules_first",
  title: "First the fewest broken rules, soft ones too, then the higher score.",
  compare(a, b) {
    const [brokenA, brokenB] = [a, b].map(
      ({ verdict }) => verdict.rules.filter(({ passed }) => !passed).length,
    );
    if (brokenA !== brokenB) {
      return { order: brokenA - brokenB, reason: `it breaks ${brokenA} rules against ${brokenB}` };
    }
    const [scoreA, scoreB] = [a, b].map(({ score }) => score.value);
    const reason = `its score is ${scoreA.toFixed(3)} against ${scoreB.toFixed(3)}`;
    return { order: scoreB - scoreA, reason };
  },
});
