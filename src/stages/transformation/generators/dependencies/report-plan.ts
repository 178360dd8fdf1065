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
import { MIN_SUPPORT, type Plan, rounded } from "./plan.ts";
import type { Reports } from "./reports.ts";

/** Sources that contradict the majority of their entity, at most, for it to be believed. */
const MOST_DISPUTED = 0.15;
/** Overwriting: share of the sources that must agree, and that may say what the cell says. */
const OVERWRITE = { minShare: 0.7, maxOwnShare: 0.25 };

/** Plans for one reported column. */
export function reportPlans(reports: Reports, dependent: CodedColumn): Plan[] {
  if (dependent === reports.entity || dependent === reports.source) return [];
  const distribution = distributionOf(groupingOf(reports.entity), dependent);
  const { mu, judged, disputed } = strengthOf(distribution, dependent);
  const weight = rounded(mu);
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
  if (1 - agreement > MOST_DISPUTED) return [];
  const plans: Plan[] = [];
  const empty = disputes.filter((one) => one.own === EMPTY && one.winnerShare >= 0.5);
  if (empty.length > 0)
    plans.push({
      ...shared,
      write: "missing",
      minShare: 0.5,
      maxOwnShare: 1,
      changes: empty,
      confidence: Math.min(0.96, agreement),
    });
  const wrong = disputes.filter(
    (one) =>
      one.own !== EMPTY &&
      one.winnerShare >= OVERWRITE.minShare &&
      one.ownShare < OVERWRITE.maxOwnShare,
  );
  if (wrong.length > 0)
    plans.push({
      ...shared,
      write: "any",
      ...OVERWRITE,
      changes: wrong,
      confidence: 0.7,
    });
  return plans;
}
