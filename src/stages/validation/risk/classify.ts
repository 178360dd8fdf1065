/**
 * What kind of change each changed cell went through: filled, emptied, said anew in another form,
 * or made to say something else.
 *
 * @module
 */
import { literal, literals, parquet, type Sql } from "../../../core/index.ts";
import type { Step } from "../../../recipe/index.ts";
import type { Profile } from "../../profiling/index.ts";

/** Operations that say the same in another form by their meaning. */
const RENDERING: ReadonlySet<string> = new Set([
  "trim",
  "collapse_whitespace",
  "normalise_unicode",
  "fix_mojibake",
  "unescape_html",
  "change_case",
  "clear_null_tokens",
  "parse_number",
  "parse_date",
  "cast",
  "convert_unit",
  "encode_category",
]);

/** Whether an operation only changes the form of a value. */
export function isRendering(operation: string): boolean {
  return RENDERING.has(operation);
}

/** Letters alone, without case and accents. */
const lettersOf = (x: Sql) =>
  String.raw`regexp_replace(lower(strip_accents(nfc_normalize(${x}))), '[^\p{L}]+', '', 'g')`;
/** Digits with what may stand between them. */
const numeralsOf = (x: Sql) => `trim(regexp_replace(${x}, '[^0-9.,]+', '', 'g'), '.,')`;
/** The number in a text that has one, thousands separators dropped. */
const numberOf = (x: Sql) =>
  String.raw`TRY_CAST(regexp_extract(regexp_replace(${x}, '[, ]+', '', 'g'), '[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?') AS DOUBLE)`;
const oneNumber = (x: Sql) =>
  String.raw`(regexp_matches(${x}, '\d') AND NOT regexp_matches(${x}, '\d[^\d., eE+-]+\d'))`;
const signOf = (x: Sql) => String.raw`regexp_matches(${x}, '^\s*(-|\()')`;

const close = (a: Sql, b: Sql) => `abs(${a} - ${b}) <= 1e-6 * greatest(abs(${a}), abs(${b}))`;

/** TRUE where two filled texts say the same: equal but for case, spaces and marks, or equal numbers. */
export function sameMeaning(before: Sql, after: Sql): Sql {
  const number = numberOf(before);
  const result = numberOf(after);
  return `(${signOf(before)} = ${signOf(after)} AND ${lettersOf(before)} = ${lettersOf(after)}
      AND ${numeralsOf(before)} = ${numeralsOf(after)})
    OR coalesce(${oneNumber(before)} AND ${oneNumber(after)}
      AND ${lettersOf(after)} IN ('', ${lettersOf(before)})
      AND (${close(number, result)}
        OR (contains(${before}, '%') AND ${close(`${number} / 100`, result)})
        OR (contains(${before}, '(') AND ${close(`-${number}`, result)})
        OR (contains(${before}, ',') AND ${close(numberOf(`replace(${before}, ',', '.')`), result)})), FALSE)`;
}

/**
 * Equal for texts that may be written alike without a loss: the digits of the number in it, or its letters.
 */
export function meaningOf(x: Sql): Sql {
  const digits = `trim(regexp_replace(printf('%.6g', ${numberOf(x)}), '[^0-9]+', '', 'g'), '0')`;
  return `CASE WHEN ${oneNumber(x)} THEN ${digits} ELSE ${lettersOf(x)} || ${numeralsOf(x)} END`;
}

/** What {@link classifyStatement} needs to know. */
export interface Classification {
  /** Change log of an execution. */
  readonly changes: string;
  readonly steps: readonly Step[];
  readonly profile: Profile;
  /** Where the classified changes are written. */
  readonly target: string;
}

/**
 * Statements that write `target`: row, column, old, new, blame, kind.
 *
 * `kind` is `filled` (empty or a null token before), `cleared` (a null token or blank became empty), `emptied` (something else
 * did), `rerendered` or `repaired`. `blame` is the step that answers for the change: the last one
 * that can make a cell say something else, or else the last one.
 */
export function classifyStatements({ changes, steps, profile, target }: Classification): Sql[] {
  const rendering = steps.filter(({ operation }) => isRendering(operation)).map(({ id }) => id);
  const renders = `list_filter(string_split("step"::VARCHAR, ','), lambda s: s NOT IN ${literals(["", ...rendering])})`;
  const tokens = profile.columns.flatMap(({ name, nullTokens }) =>
    nullTokens.map(({ value }) => `(${literal(name)}, ${literal(value)})`),
  );
  const token = `("column", "old") IN (SELECT ("column", "token") FROM tokens)`;
  const kind = `CASE
      WHEN "old" IS NULL OR trim("old") = '' THEN CASE WHEN "new" IS NULL THEN 'cleared' ELSE 'filled' END
      WHEN "new" IS NULL THEN CASE WHEN ${token} OR "clears" THEN 'cleared' ELSE 'emptied' END
      WHEN ${token} OR "clears" THEN 'filled'
      WHEN len("meant") = 0 OR ${sameMeaning('"old"', '"new"')} THEN 'rerendered'
      ELSE 'repaired' END`;
  const clearing = steps
    .filter(({ operation }) => operation === "clear_null_tokens")
    .map(({ id }) => id);
  const clears = `list_has_any(string_split("step"::VARCHAR, ','), [${clearing.map((id) => literal(id)).join(", ")}]::VARCHAR[])`;
  return [
    `CREATE TEMP TABLE tokens ("column" VARCHAR, "token" VARCHAR)`,
    ...(tokens.length > 0 ? [`INSERT INTO tokens VALUES ${tokens.join(", ")}`] : []),
    `CREATE TEMP TABLE pairs AS SELECT "column", "old", "new", "step",
      coalesce("meant"[-1], string_split("step"::VARCHAR, ',')[-1]) AS "blame", ${kind} AS "kind"
      FROM (SELECT DISTINCT "column", "old", "new", "step", ${renders} AS "meant", ${clears} AS "clears" FROM ${parquet(changes)})`,
    `COPY (SELECT c."row", c."column", c."old", c."new", p."blame", p."kind" FROM ${parquet(changes)} c
      JOIN pairs p ON c."column" = p."column" AND c."step" = p."step"
        AND c."old" IS NOT DISTINCT FROM p."old" AND c."new" IS NOT DISTINCT FROM p."new"
      ORDER BY c."row", c."column") TO ${literal(target)} (FORMAT parquet)`,
  ];
}
