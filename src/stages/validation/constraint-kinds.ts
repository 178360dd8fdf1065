/** The built-in kinds of constraints, as statements that count their violations. */
import { identifier, literal, literals, type Sql } from "../../core/index.ts";
import type { Constraint } from "./options.ts";
import { typeCheck } from "./value-kind.ts";

/** More columns in one statement would strain the engine. */
const COLUMNS_PER_STATEMENT = 40;

type BuiltIn = Exclude<Constraint, { kind: "custom" }>;
type Of<K extends BuiltIn["kind"]> = Extract<BuiltIn, { kind: K }>;

interface Kind {
  readonly columns: readonly string[];
  readonly expects: string;
  violations(table: Sql): Sql[];
}

const kinds: { readonly [K in BuiltIn["kind"]]: (constraint: Of<K>) => Kind } = {
  not_null: ({ columns }) =>
    cells(columns, "no cell is empty", (cell) => `${cell} IS NULL OR trim(${cell}) = ''`),
  type: ({ columns, type }) =>
    cells(
      columns,
      `every filled cell is ${/^[aeiou]/.test(type) ? "an" : "a"} ${type}`,
      (cell) => `NOT ${typeCheck(type, cell)}`,
    ),
  pattern: ({ columns, pattern }) =>
    cells(
      columns,
      `every filled cell matches ${pattern}`,
      (cell) => `NOT regexp_full_match(${cell}, ${literal(pattern)})`,
    ),
  allowed_values: ({ columns, values }) =>
    cells(
      columns,
      `every filled cell is one of ${listed(values)}`,
      (cell) => `${cell} NOT IN ${literals(values)}`,
    ),
  range,
  unique: ({ columns }) => ({
    columns,
    expects: `no two rows share ${listed(columns)}`,
    violations: (table) => [sharedRows(columns, table)],
  }),
  comparison,
  dependency: ({ determinant, dependent }) => ({
    columns: [...determinant, dependent],
    expects: `${listed(determinant)} decides ${dependent}`,
    violations: (table) => [minorityRows(determinant, dependent, table).violations],
  }),
  row_count: rowCount,
  sql: ({ condition }) => ({
    columns: [],
    expects: `every row fulfils ${condition.trim()}`,
    violations: (table) => [
      `SELECT count(*) AS "violations" FROM ${table} WHERE NOT coalesce((${condition}), TRUE)`,
    ],
  }),
};

/** A built-in constraint's columns, expectation and statements. */
export function constraintKinds<K extends BuiltIn["kind"]>(constraint: Of<K>): Kind {
  // The table has a function for each kind that takes that very kind, which the checker cannot follow.
  const kind = kinds[constraint.kind] as (of: Of<K>) => Kind;
  return kind(constraint);
}

/** SELECT giving `violations`: the rows whose values in `columns`, none of them empty, stand in another row too. */
export function sharedRows(columns: readonly string[], table: Sql): Sql {
  const names = columns.map((name) => identifier(name));
  const filled = names.map((name) => `${name} IS NOT NULL`).join(" AND ");
  return `SELECT coalesce(sum("n"), 0)::BIGINT AS "violations" FROM (
    SELECT count(*) AS "n" FROM ${table} WHERE ${filled} GROUP BY ${names.join(", ")} HAVING count(*) > 1)`;
}

/**
 * SELECTs about a dependency: `violations` counts the rows that differ from the majority of their
 * group, `measured` gives them together with the `rows` that have all values.
 */
export function minorityRows(
  determinant: readonly string[],
  dependent: string,
  table: Sql,
): { readonly violations: Sql; readonly measured: Sql } {
  const names = determinant.map((name) => identifier(name)).join(", ");
  const filled = [...determinant, dependent].map((name) => `${identifier(name)} IS NOT NULL`);
  const from = `FROM (
    SELECT sum("k")::BIGINT AS "n", max("k")::BIGINT AS "most" FROM (
      SELECT ${names}, count(*) AS "k" FROM ${table} WHERE ${filled.join(" AND ")}
      GROUP BY ${names}, ${identifier(dependent)}) GROUP BY ${names})`;
  const violations = `coalesce(sum("n" - "most"), 0)::BIGINT AS "violations"`;
  return {
    violations: `SELECT ${violations} ${from}`,
    measured: `SELECT ${violations}, coalesce(sum("n"), 0)::BIGINT AS "rows" ${from}`,
  };
}

/** A rule about single cells; `broken` is only asked of filled ones unless it asks for NULL itself. */
function cells(columns: readonly string[], expects: string, broken: (cell: Sql) => Sql): Kind {
  return {
    columns,
    expects: `in ${listed(columns)}, ${expects}`,
    violations: (table) =>
      chunks(columns).map((some) => {
        const each = some.map(
          (name) => `coalesce((${broken(identifier(name))})::BOOLEAN, FALSE)::BIGINT`,
        );
        return `SELECT coalesce(sum(${each.join(" + ")}), 0)::BIGINT AS "violations" FROM ${table}`;
      }),
  };
}

function range({ columns, min, max }: Of<"range">): Kind {
  const bounds = [
    ...(min === undefined ? [] : [{ bound: min, operator: "<" as const }]),
    ...(max === undefined ? [] : [{ bound: max, operator: ">" as const }]),
  ];
  const words = [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ];
  return cells(columns, `every filled cell is ${words.join(" and ") || "anything"}`, (cell) => {
    const broken = bounds.map(({ bound, operator }) => outside(cell, operator, bound));
    return broken.join(" OR ") || "FALSE";
  });
}

/** A number bound asks for a number; a text bound compares as dates where both are, else as text. */
function outside(cell: Sql, operator: "<" | ">", bound: number | string): Sql {
  if (typeof bound === "number") {
    const number = `TRY_CAST(${cell} AS DOUBLE)`;
    return `(${cell} IS NOT NULL AND (${number} IS NULL OR ${number} ${operator} ${bound}))`;
  }
  return compared(cell, operator, literal(bound));
}

function comparison({ left, operator, right }: Of<"comparison">): Kind {
  return {
    columns: [left, right],
    expects: `${left} ${operator} ${right} in every row that has both`,
    violations: (table) => [
      `SELECT count(*) AS "violations" FROM ${table}
       WHERE NOT coalesce(${compared(identifier(left), operator, identifier(right))}, TRUE)`,
    ],
  };
}

/** Two texts compared as numbers where both are numbers, as dates where both are dates, else as text. */
function compared(left: Sql, operator: string, right: Sql): Sql {
  const as = (type: string) => [`TRY_CAST(${left} AS ${type})`, `TRY_CAST(${right} AS ${type})`];
  const arms = [as("DOUBLE"), as("TIMESTAMP")].map(
    ([a, b]) => `WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN ${a} ${operator} ${b}`,
  );
  return `(CASE ${arms.join(" ")} ELSE ${left} ${operator} ${right} END)`;
}

function rowCount({ min, max }: Of<"row_count">): Kind {
  const missing = min === undefined ? "0" : `greatest(${min} - count(*), 0)`;
  const surplus = max === undefined ? "0" : `greatest(count(*) - ${max}, 0)`;
  const words = [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ];
  return {
    columns: [],
    expects: `the table has ${words.join(" and ") || "any number of"} rows`,
    violations: (table) => [
      `SELECT (${missing} + ${surplus})::BIGINT AS "violations" FROM ${table}`,
    ],
  };
}

function chunks(columns: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(columns.length / COLUMNS_PER_STATEMENT) }, (_, i) =>
    columns.slice(i * COLUMNS_PER_STATEMENT, (i + 1) * COLUMNS_PER_STATEMENT),
  );
}

function listed(words: readonly string[]): string {
  const few = words.length > 6 ? [...words.slice(0, 5), `${words.length - 5} more`] : words;
  return few.join(", ");
}
