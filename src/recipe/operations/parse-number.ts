import { z } from "zod";
import { literal, type Sql } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { escapePattern, SPACE } from "../pattern.ts";
import { quoted } from "../words.ts";

/** Arguments of `parse_number`. */
const Args = z.strictObject({
  decimal: z.enum([".", ","]).default(".").meta({ description: "decimal mark" }),
  thousands: z
    .enum([",", ".", " ", "'"])
    .optional()
    .meta({ description: "mark between groups of three digits" }),
  percent: z
    .enum(["strip", "divide"])
    .optional()
    .meta({ description: "what a percent sign means; without it, a failure" }),
  currency: z.array(z.string().min(1)).optional().meta({ description: "signs to drop" }),
  units: z
    .array(z.string().min(1))
    .optional()
    .meta({ description: "spellings to drop at the end" }),
  parentheses: z.boolean().optional().meta({ description: "(5) is -5" }),
  round: z.int().min(0).max(30).optional().meta({ description: "digits after the point" }),
  leadingZeros: z.enum(["keep", "strip"]).default("keep"),
});
type Args = z.infer<typeof Args>;

const SPACES = `[${SPACE}]*`;

/** Writes numbers as canonical numerals, working on their digits as text: no precision is lost. */
export const parseNumber = operation({
  name: "parse_number",
  title: "Write numbers as plain numerals",
  args: Args.superRefine(({ decimal, thousands }, context) => {
    if (decimal === thousands)
      context.addIssue({ code: "custom", path: ["thousands"], message: "is the decimal mark" });
  }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: {
    columns: ["price"],
    args: { decimal: ".", thousands: ",", currency: ["$"], leadingZeros: "keep" },
  },
  sentence: ({ columns, args }) => {
    const dropped = [
      ...(args.units?.length ? [`the unit ${quoted(args.units)}`] : []),
      ...(args.currency?.length ? [`the currency sign ${quoted(args.currency)}`] : []),
      ...(args.percent ? ["the percent sign"] : []),
      ...(args.thousands ? ["the thousands marks"] : []),
    ];
    const how = args.round === undefined ? "plain" : `plain (at most ${args.round} decimals)`;
    const scale = args.percent === "divide" ? ", percentages divided by 100" : "";
    return dropped.length === 0
      ? `Writes the numbers of ${quoted(columns)} in ${how} form`
      : `Removes ${dropped.join(", ")} from ${quoted(columns)} and writes ${how} numbers${scale}`;
  },
  failure: () => "is not a number in the form expected",
  cell: (args) => ({ fallible: true, stages: stages(args) }),
});

/** Text → parts → digits and scale → rounded digits → numeral. */
function stages(args: Args): ((v: Sql) => Sql)[] {
  const list = [(v: Sql) => parts(v, args), (v: Sql) => digits(v, args)];
  if (args.round !== undefined) list.push((v) => rounded(v, args.round ?? 0));
  return [...list, (v) => numeral(v, args)];
}

/** A struct of sign, number, percent sign; NULL when the text has another form. */
function parts(v: Sql, args: Args): Sql {
  const dropped = [...(args.currency ?? []), ...(args.units ?? [])];
  const before = any(args.currency ?? []);
  const after = any(dropped);
  const percent = args.percent ? "%?" : "";
  const sign = String.raw`[-+\x{2212}]?`;
  const [left, right] = args.parentheses ? [String.raw`\(?`, String.raw`\)?`] : ["", ""];
  const pattern = [
    `^${SPACES}(${left})${SPACES}(${sign})${SPACES}${before}${SPACES}(${sign})${SPACES}`,
    `(${numberPattern(args)})${SPACES}(${percent})${SPACES}${after}${SPACES}(${right})${SPACES}$`,
  ].join("");
  const names = "['open', 'sign', 'sign2', 'number', 'percent', 'close']";
  return `CASE WHEN regexp_matches(${v}, '[0-9]') THEN regexp_extract(${v}, ${literal(pattern)}, ${names}) END`;
}

/** One of some spellings, longest first, or nothing. */
function any(spellings: readonly string[]): string {
  if (spellings.length === 0) return "";
  const longestFirst = spellings.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return `(?:${longestFirst.map(escapePattern).join("|")})?`;
}

const GROUP_MARKS: Record<string, string> = {
  ",": ",",
  ".": String.raw`\.`,
  " ": String.raw`[ \x{A0}\x{2009}\x{202F}]`,
  "'": String.raw`['\x{2019}]`,
};

function numberPattern({ decimal, thousands }: Args): string {
  // A canonical numeral is read as such wherever that is not ambiguous, so that twice is as once.
  const point = decimal === "." ? String.raw`\.` : thousands === "." ? "," : "[,.]";
  const plain = `[0-9]+(?:${point}[0-9]*)?|${point}[0-9]+`;
  if (!thousands) return plain;
  const grouped = `[1-9][0-9]{0,2}(?:${GROUP_MARKS[thousands]}[0-9]{3})+(?:${point}[0-9]*)?`;
  const canonical = thousands === "." ? String.raw`|[0-9]+\.[0-9]+` : "";
  return `${grouped}|${plain}${canonical}`;
}

/** A struct of neg, whole (digits before the point) and frac (after it). */
function digits(v: Sql, args: Args): Sql {
  const { thousands } = args;
  const number = `${v}.number`;
  const grouped =
    thousands &&
    `regexp_matches(${number}, '^[1-9][0-9]{0,2}(?:${quoteFree(thousands)}[0-9]{3})+(?:[^0-9]|$)')`;
  const ungrouped = thousands
    ? `CASE WHEN ${grouped} THEN regexp_replace(${number}, '${quoteFree(thousands)}', '', 'g') ELSE ${number} END`
    : number;
  const pointed = `replace(${ungrouped}, ',', '.')`;
  const sign = `concat(${v}.sign, ${v}.sign2)`;
  const valid = `${v}.number <> '' AND length(${sign}) < 2 AND (${v}.open = '') = (${v}.close = '')
    AND (${v}.open = '' OR ${sign} = '')`;
  const whole = `split_part(${pointed}, '.', 1)`;
  const frac = `split_part(${pointed}, '.', 2)`;
  const plain = `{'neg': ${sign} IN ('-', chr(8722)) OR ${v}.open <> '', 'whole': ${whole}, 'frac': ${frac}}`;
  if (args.percent !== "divide") return `CASE WHEN ${valid} THEN ${plain} END`;
  const padded = `lpad(${whole}, greatest(length(${whole}), 3)::INTEGER, '0')`;
  const divided = `{'neg': ${sign} IN ('-', chr(8722)) OR ${v}.open <> '',
    'whole': left(${padded}, length(${padded}) - 2), 'frac': right(${padded}, 2) || ${frac}}`;
  return `CASE WHEN NOT coalesce(${valid}, FALSE) THEN NULL WHEN ${v}.percent = '' THEN ${plain} ELSE ${divided} END`;
}

function quoteFree(thousands: string): string {
  return (GROUP_MARKS[thousands] ?? "").replaceAll("'", "''");
}

/** Half away from zero, on the digits; a number with more digits than HUGEINT holds stays. */
function rounded(v: Sql, places: number): Sql {
  const cut = `concat(${v}.whole, left(${v}.frac, ${places}))`;
  const up = `TRY_CAST(${cut} AS HUGEINT) + 1`;
  const digit = `lpad((${up})::VARCHAR, greatest(length(${cut}), length((${up})::VARCHAR))::INTEGER, '0')`;
  const raised = `{'neg': ${v}.neg, 'whole': left(${digit}, length(${digit}) - ${places}),
    'frac': right(${digit}, ${places})}`;
  return `CASE WHEN length(${v}.frac) <= ${places} OR length(${cut}) > 37 THEN ${v}
    WHEN substr(${v}.frac, ${places + 1}, 1) < '5'
      THEN {'neg': ${v}.neg, 'whole': ${v}.whole, 'frac': left(${v}.frac, ${places})}
    ELSE ${raised} END`;
}

function numeral(v: Sql, { leadingZeros }: Args): Sql {
  const stripped = `coalesce(nullif(ltrim(${v}.whole, '0'), ''), '0')`;
  const whole = leadingZeros === "strip" ? stripped : `coalesce(nullif(${v}.whole, ''), '0')`;
  const frac = `rtrim(${v}.frac, '0')`;
  const isZero = `ltrim(concat(${v}.whole, ${v}.frac), '0') = ''`;
  return `CASE WHEN ${v}.whole IS NULL THEN NULL ELSE concat(
    CASE WHEN ${v}.neg AND NOT ${isZero} THEN '-' ELSE '' END, ${whole},
    CASE WHEN ${frac} = '' THEN '' ELSE '.' || ${frac} END) END`;
}
