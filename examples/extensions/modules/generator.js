/** A generator of one's own: proposes `compact_code` where a column holds article numbers. */
import { defineGenerator, identifier } from "data-wrangler";
import { z } from "zod";
import { isArticleNumber } from "./check-digit.js";

const Counts = z.object({ plain: z.number(), spaced: z.number(), filled: z.number() });

defineGenerator({
  name: "article-numbers",
  title: "Article numbers written with spaces or hyphens",
  wave: "values",
  order: 50,
  async propose({ columns, source, ask, signal }) {
    const proposals = [];
    for (const column of columns) {
      const cell = identifier(column);
      const compact = `regexp_replace(${cell}, '[ -]', '', 'g')`;
      const sql = `SELECT
          count(*) FILTER (${isArticleNumber(cell)}) AS plain,
          count(*) FILTER (${cell} <> ${compact} AND ${isArticleNumber(compact)}) AS spaced,
          count(${cell}) AS filled
        FROM ${source}`;
      const [counts] = await ask({ sql, row: Counts }, signal);
      if (counts.spaced === 0 || counts.plain < counts.filled / 2) continue;
      proposals.push(proposalFor(column, counts));
    }
    return proposals;
  },
});

function proposalFor(column, { plain, spaced }) {
  return {
    step: {
      operation: "compact_code",
      columns: [column],
      args: {},
      guard: "[0-9][0-9 -]*[0-9]",
      onFail: "keep",
      evidence: {
        because: `${plain} cells are article numbers with a right check digit; ${spaced} more are once spaces and hyphens are out.`,
        support: plain,
        counterExamples: 0,
        affected: spaced,
        samples: [],
      },
    },
    confidence: 0.99,
    intent: "repair",
  };
}
