/**
 * Repairs in a table of reports (see `reports.ts`): what most sources say of an entity, in those
 * columns where the sources mostly agree. A majority among sources that copy each other is no
 * truth, so columns in which they are divided are left alone.
 *
 * @module
 */
import { type CodedColumn, EMPTY } from "./coded-table.ts";
import { disputesOf } from "./disputes.ts";
import { distributionOf, groupingOf, strengthOf } from "./groups.ts";
import type { Plan } from "./repair-plan.ts";
import type { Reports } from "./reports.ts";

/** Sources that contradict the majority of their entity, at most, for it to be believed. */
const MOST_DISPUTED = { fill: 0.15, overwrite: 0.15 };
const MIN_SUPPORT = 2;

/** Plans for one reported column. */
export function reportPlans(reports: Reports, dependent: CodedColumn): Plan[] {
  if (dependent === reports.entity || dependent === reports.source) return [];
  const distribution = distributionOf(groupingOf(reports.entity), dependent);
  const { mu, judged, disputed } = strengthOf(distribution, dependent);
  const weight = Math.round(mu * 1000) / 1000;
  const disputes = disputesOf(dependent, [{ distribution, weight }], MIN_SUPPORT);
  const agreement = judged === 0 ? 0 : 1 - disputed / judged;
  const shared = {
    dependent,
    determinants: [{ columns: [reports.entity.name], weight }],
    minSupport: MIN_SUPPORT,
    minVotes: 0,
    spared: [],
    support: judged - disputed,
    counterExamples: disputed,
    ground: `sources named in ${JSON.stringify(reports.source.name)} agree on ${Math.floor(100 * agreement)} % of the filled cells`,
  };
  const plans: Plan[] = [];
  const empty = disputes.filter((one) => one.own === EMPTY && one.winnerShare >= 0.5);
  if (empty.length > 0 && 1 - agreement <= MOST_DISPUTED.fill)
    plans.push({
      ...shared,
      write: "missing",
      minShare: 0.5,
      maxOwnShare: 1,
      changes: empty,
      confidence: 0.95,
    });
  const wrong = disputes.filter(
    (one) => one.own !== EMPTY && one.winnerShare >= 0.8 && one.ownShare < 0.1,
  );
  if (wrong.length > 0 && 1 - agreement <= MOST_DISPUTED.overwrite)
    plans.push({
      ...shared,
      write: "any",
      minShare: 0.8,
      maxOwnShare: 0.1,
      changes: wrong,
      confidence: 0.85,
    });
  return plans;
}
