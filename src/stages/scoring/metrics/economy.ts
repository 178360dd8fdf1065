import { recipeBits, worthOf } from "../cost.ts";
import type { MetricDefinition } from "../metric.ts";
import { counted } from "./words.ts";

/** Repairs that one corrupted cell undoes. */
const CORRUPTION = 10;
/** A cell that is needlessly written anew, in repairs. */
const NEEDLESS = 0.1;
/** The longest recipe costs this much. */
const LENGTH = 0.001;
/** Bits of an average cell, on the generous side. */
const CELL_BITS = 80;

/**
 * What the changes are worth. One half means nothing spent and nothing earned, as when the table is
 * left as it is; repairs that passed the risk test lift it, corruptions and needless changes lower it.
 */
export const economy: MetricDefinition = {
  name: "economy",
  title:
    "What the changes are worth: one half when nothing is changed, more when repairs outweigh their cost.",
  measure: ({ verdict, before }) => {
    const { repairs, needless, corruptions } = worthOf(verdict, before.cells);
    const cells = Math.max(1, before.cells.rows * before.columns.length);
    const bits = recipeBits(verdict.recipe);
    const gain = (repairs - CORRUPTION * corruptions - NEEDLESS * needless) / cells;
    const length = (LENGTH * bits) / (bits + CELL_BITS * cells);
    const after = 0.5 + 0.5 * Math.min(1, Math.max(-1, gain - length));
    const kilobits = Number((bits / 1000).toPrecision(2));
    return {
      before: 0.5,
      after,
      evidence: `${counted(Math.round(repairs), "repair")}, ${counted(needless, "needless change")} and ${Number(corruptions.toPrecision(2))} expected corruptions by a recipe of ${kilobits} kbit.`,
    };
  },
};
