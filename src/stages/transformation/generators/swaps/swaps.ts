/** The generator of swaps: rows in which two columns hold each other's values. */
import { z } from "zod";
import { identifier, literals } from "../../../../core/index.ts";
import { cellCount, type Change, changeEvidence } from "../../change-evidence.ts";
import { cells, type ColumnValues, readValues } from "../../column-values.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../../generator.ts";
import { type ForeignValues, foreignValues } from "./swapped-pairs.ts";

/** A column with more values has no domain that others could be recognised by. */
const LARGEST_DOMAIN = 2_000;
/** Columns compared, at most: every one with every other. */
const MOST_COLUMNS = 40;
const MOST_PAIRS = 200;
/** A column whose cells were exchanged more often than this was not mixed up by accident. */
const RARE = 0.05;

const PairRow = z.object({ first: z.string(), second: z.string(), count: z.number() });
type PairRow = z.infer<typeof PairRow>;

/** Rows that hold a foreign value in both columns. */
async function swappedRows(
  context: GeneratorContext,
  [a, b]: readonly [string, string],
  foreign: ForeignValues,
): Promise<PairRow[]> {
  const sql = `SELECT ${identifier(a)} AS first, ${identifier(b)} AS second, count(*)::BIGINT AS "count"
  FROM ${context.source} WHERE ${identifier(a)} IN ${literals(foreign.first)} AND ${identifier(b)} IN ${literals(foreign.second)}
  GROUP BY ALL ORDER BY "count" DESC, first, second LIMIT ${MOST_PAIRS + 1}`;
  return context.ask({ sql, row: PairRow }, context.signal);
}

function proposalOf([a, b]: readonly [string, string], rows: readonly PairRow[]): Proposal {
  const changes = rows.flatMap(({ first, second, count }): Change[] => [
    { old: first, new: second, count },
    { old: second, new: first, count },
  ]);
  const where = {
    any: rows.map(({ first, second }) => ({
      all: [
        { column: a, equals: first },
        { column: b, equals: second },
      ],
    })),
  };
  return {
    step: {
      operation: "swap_columns",
      columns: [a, b],
      args: {},
      where,
      onFail: "keep",
      evidence: changeEvidence(
        `${cellCount(cells(changes))} of "${a}" and "${b}" hold values that are known in the other column and look like none of their own.`,
        changes,
      ),
    },
    confidence: 0.9,
    intent: "repair",
  };
}

function* pairsOf(domains: readonly ColumnValues[]): Generator<[ColumnValues, ColumnValues]> {
  for (const [place, a] of domains.entries())
    for (const b of domains.slice(place + 1)) yield [a, b];
}

/** Generator `swaps`. */
export const swaps = defineGenerator({
  name: "swaps",
  title: "Rows in which two columns hold each other's values",
  wave: "table",
  order: 12,
  async propose(context): Promise<Proposal[]> {
    const small = context.profile.columns
      .filter(({ distinct }) => distinct > 1 && distinct <= LARGEST_DOMAIN)
      .map(({ name }) => name)
      .filter((name) => context.columns.includes(name))
      .slice(0, MOST_COLUMNS);
    const domains = await readValues(context, small, { limit: LARGEST_DOMAIN });
    const proposals: Proposal[] = [];
    for (const [a, b] of pairsOf(domains)) {
      const foreign = foreignValues(a, b);
      if (!foreign) continue;
      const rows = await swappedRows(context, [a.column, b.column], foreign);
      const few = cells(rows) <= RARE * context.rows && rows.length <= MOST_PAIRS;
      if (rows.length > 0 && few) proposals.push(proposalOf([a.column, b.column], rows));
    }
    return proposals;
  },
});
