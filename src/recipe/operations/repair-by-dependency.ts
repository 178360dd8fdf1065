import { z } from "zod";
import { type Sql } from "../../core/index.ts";
import { damerauSql } from "../distance.ts";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

const Args = z.strictObject({
  determinants: z
    .array(
      z.strictObject({
        columns: z.array(z.string()).min(1).max(5),
        weight: z.number().positive().max(1000),
      }),
    )
    .min(1)
    .max(20)
    .meta({ description: "columns that determine the value, each with the weight of its vote" }),
  minShare: z.number().gt(0).max(1).meta({ description: "share of the votes that a value needs" }),
  minSupport: z.int().min(1).meta({ description: "rows a group needs besides this one" }),
  minVotes: z.number().min(0).optional().meta({ description: "sum of weights that must vote" }),
  write: z
    .enum(["missing", "near", "any"])
    .meta({ description: "empty cells; also cells a few letters off; every cell" }),
  maxOwnShare: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .meta({ description: "share of the votes that the cell's own value must stay below" }),
});
type Args = z.infer<typeof Args>;

/** Votes are counted in integers: a weight of 1 is this many. */
const UNIT = 1_000_000_000;
/** Values of a group that take part in a vote; the rest cannot win. */
const CANDIDATES = 8;

/**
 * Repairs a column by the vote of the rows that share a determinant's value: each determinant
 * votes with the distribution in its group without the row itself. A tie writes nothing.
 */
export const repairByDependency = operation({
  name: "repair_by_dependency",
  title: "Repair a value by the rows that agree on what determines it",
  args: Args,
  scope: "table",
  reversible: "yes, by the change log",
  columnCount: { min: 1, max: 1 },
  example: {
    columns: ["state"],
    args: {
      determinants: [
        { columns: ["zip"], weight: 1 },
        { columns: ["city"], weight: 0.9 },
      ],
      minShare: 0.8,
      minSupport: 2,
      write: "near",
      maxOwnShare: 0.2,
    },
  },
  sentence: ({ columns, args }) => {
    const by = args.determinants.map((d) => d.columns.map((name) => `“${name}”`).join(" with "));
    const what = {
      missing: "Fills empty cells of",
      near: "Fills empty cells and mends misspelt ones of",
      any: "Corrects",
    }[args.write];
    return `${what} ${quoted(columns)} by the vote of rows with the same ${by.join(" or the same ")}`;
  },
  reads: ({ determinants }) => determinants.flatMap(({ columns }) => columns),
  check: ({ columns, args }) =>
    args.determinants.some((d) => d.columns.some((name) => columns.includes(name)))
      ? ["args.determinants: a column cannot determine itself"]
      : [],
  compile(step, plan) {
    const [target = ""] = step.columns;
    const { args } = step;
    const names = [target, ...new Set(args.determinants.flatMap(({ columns }) => columns))];
    const rows = step.where && plan.rows(step.where);
    const cells = names.map((_, i) => `c${i}`);
    const from = plan.relation(names);
    const combined = plan.table(
      `SELECT row_number() OVER () AS id, * FROM (
        SELECT ${cells.join(", ")}, count(*) AS n FROM (${from}) GROUP BY ALL)`,
    );
    const groups = args.determinants.map(({ columns, weight }) => {
      const keys = columns.map((name) => `c${names.indexOf(name)}`);
      const units = Math.max(1, Math.round(weight * UNIT));
      return { keys, units, table: plan.table(groupSql(keys, combined)) };
    });
    const suspects = plan.table(suspectsSql(groups, combined, args.write === "missing"));
    const votes = groups.map((group) => votesSql(group, suspects, args)).join(" UNION ALL ");
    const decided = plan.table(decisionSql(votes, suspects, args));
    const same = cells.map((cell) => `p.${cell} IS NOT DISTINCT FROM d.${cell}`).join(" AND ");
    const select = `SELECT p.r, p.c0 AS o, d.winner AS n FROM (${from}) p JOIN ${decided} d ON ${same}`;
    plan.patch(step, target, select, rows);
  },
});

interface Group {
  readonly keys: readonly Sql[];
  /** Weight in units. */
  readonly units: number;
  /** Table of keys, v, n, total, place. */
  readonly table: string;
}

/** For each value of a determinant: the target's values, how often, of how many, in what place. */
function groupSql(keys: readonly Sql[], combined: string): Sql {
  const present = [...keys, "c0"].map((key) => `${key} IS NOT NULL`).join(" AND ");
  const by = keys.join(", ");
  return `SELECT *, (sum(n) OVER (PARTITION BY ${by}))::BIGINT AS total,
      row_number() OVER (PARTITION BY ${by} ORDER BY n DESC, v) AS place
    FROM (SELECT ${by}, c0 AS v, sum(n)::BIGINT AS n FROM ${combined} WHERE ${present} GROUP BY ALL)`;
}

/** Combinations of values that are not, for every determinant, the most frequent ones already. */
function suspectsSql(groups: readonly Group[], combined: string, emptyOnly: boolean): Sql {
  if (emptyOnly) return `SELECT * FROM ${combined} WHERE c0 IS NULL`;
  const ids = groups.map(
    ({ keys, table }) => `SELECT q.id FROM ${combined} q JOIN ${table} g
      ON ${equal(keys)} WHERE g.place = 1 AND g.v IS DISTINCT FROM q.c0`,
  );
  return `SELECT * FROM ${combined} SEMI JOIN (${ids.join(" UNION ")}) USING (id)`;
}

/** Votes of one determinant: id, v, w (units for v), k (units that vote, on one row of each id). */
function votesSql({ keys, units, table }: Group, suspects: string, { minSupport }: Args): Sql {
  const others = "(g.total - (q.c0 IS NOT NULL)::BIGINT)";
  const votes = `(${units} * (g.n - coalesce((g.v = q.c0)::BIGINT, 0))) // ${others}`;
  const enough = `${others} >= ${minSupport}`;
  const select = `SELECT q.id, g.v, ${votes} AS w, CASE WHEN g.place = 1 THEN ${units} ELSE 0 END AS k
    FROM ${suspects} q JOIN ${table} g ON ${equal(keys)}`;
  return `${select} WHERE g.place <= ${CANDIDATES} AND ${enough}
    UNION ALL ${select} AND g.v = q.c0 WHERE g.place > ${CANDIDATES} AND ${enough}`;
}

/** Suspects with the value that wins, where the rules let it be written. */
function decisionSql(votes: Sql, suspects: string, args: Args): Sql {
  const share = `(w + ${args.determinants.length})::HUGEINT * ${UNIT} >= ${scaled(args.minShare)} * k`;
  const own =
    args.maxOwnShare === undefined
      ? "TRUE"
      : `coalesce(own, 0)::HUGEINT * ${UNIT} < ${scaled(args.maxOwnShare)} * k`;
  const votesNeeded = args.minVotes === undefined ? "TRUE" : `k >= ${scaled(args.minVotes)}`;
  const near = `${damerauSql("c0", "winner")} <= greatest(1, (length(winner) * 3) // 10)`;
  const reach = { missing: "c0 IS NULL", near: `(c0 IS NULL OR ${near})`, any: "TRUE" }[args.write];
  const summed = `SELECT id, v, sum(w)::HUGEINT AS w, sum(sum(k)) OVER (PARTITION BY id)::HUGEINT AS k
    FROM (${votes}) GROUP BY id, v`;
  const placed = `SELECT *, row_number() OVER best AS place, lead(w) OVER best AS next
    FROM (${summed}) WINDOW best AS (PARTITION BY id ORDER BY w DESC, v)`;
  return `SELECT q.*, b.v AS winner FROM (${placed}) b JOIN ${suspects} q USING (id)
      LEFT JOIN (SELECT id, v, w AS own FROM (${summed})) o ON o.id = q.id AND o.v = q.c0
    WHERE place = 1 AND w > 0 AND (next IS NULL OR next < w) AND q.c0 IS DISTINCT FROM b.v
      AND ${share} AND ${own} AND ${votesNeeded} AND ${reach.replaceAll("winner", "b.v").replaceAll("c0", "q.c0")}`;
}

function equal(keys: readonly Sql[]): Sql {
  return keys.map((key) => `q.${key} = g.${key}`).join(" AND ");
}

function scaled(value: number): string {
  return String(Math.round(value * UNIT));
}
