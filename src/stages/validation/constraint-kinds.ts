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

/** A built-in constraint's columns, expectation and statements. */
export function constraintKinds(constraint: BuiltIn): Kind {
  switch (constraint.kind) {
    case "not_null":
      return cells(
        constraint.columns,
        "no cell is empty",
        (cell) => `${cell} IS NULL OR trim(${cell}) = ''`,
      );
    case "type":
      return cells(
        constraint.columns,
        `every filled cell is ${constraint.type === "integer" || constraint.type === "email" ? "an" : "a"} ${constraint.type}`,
        (cell) => `NOT ${typeCheck(constraint.type, cell)}`,
      );
    case "pattern":
      return cells(
        constraint.columns,
        `every filled cell matches ${constraint.pattern}`,
        (cell) => `NOT regexp_full_match(${cell}, ${literal(constraint.pattern)})`,
      );
    case "allowed_values":
      return cells(
        constraint.columns,
        `every filled cell is one of ${listed(constraint.values)}`,
        (cell) => `${cell} NOT IN ${literals(constraint.values)}`,
      );
    case "range":
      return range(constraint);
    case "unique":
      return {
        columns: constraint.columns,
        expects: `no two rows share ${listed(constraint.columns)}`,
        violations: (table) => [sharedRows(constraint.columns, table)],
      };
    case "comparison":
      return comparison(constraint);
    case "dependency":
      return {
        columns: [...constraint.determinant, constraint.dependent],
        expects: `${listed(constraint.determinant)} decides ${constraint.dependent}`,
        violations: (table) => [
          minorityRows(constraint.determinant, constraint.dependent, table).violations,
        ],
      };
    case "row_count":
      return rowCount(constraint);
    case "sql":
      return {
        columns: [],
        expects: `every row fulfils ${constraint.condition.trim()}`,
        // The condition may end in a comment: the line break ends it too.
        violations: (table) => [
          `SELECT count(*) AS "violations" FROM ${table} WHERE NOT coalesce((${constraint.condition}\n), TRUE)`,
        ],
      };
  }
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
