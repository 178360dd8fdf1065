/** A metric of one's own: the share of filled cells of the column `ean` with a right check digit. */
import { defineMetric, identifier } from "data-wrangler";
import { z } from "zod";
import { isArticleNumber } from "./check-digit.js";

const Counts = z.object({ right: z.number(), filled: z.number() });

defineMetric({
  name: "check_digits",
  title: "How many article numbers have a right check digit.",
  async measure({ before, after, ask, signal }) {
    const then = await count(before, ask, signal);
    const now = await count(after, ask, signal);
    return {
      before: share(then),
      after: share(now),
      evidence: `${now.right} of ${now.filled} article numbers have a right check digit, ${then.right} as loaded.`,
    };
  },
});

async function count({ from, columns }, ask, signal) {
  if (!columns.includes("ean")) return { right: 0, filled: 0 };
  const cell = identifier("ean");
  const sql = `SELECT count(*) FILTER (${isArticleNumber(cell)}) AS "right", count(${cell}) AS filled FROM ${from}`;
  const [counts] = await ask({ sql, row: Counts }, signal);
  return counts;
}

function share({ right, filled }) {
  return filled === 0 ? 1 : right / filled;
}
