/** The generator of formats: numbers, quantities, times and dates that are not written as their column writes them. */
import { z } from "zod";
import { identifier, literal, ROW, type Sql } from "../../../../core/index.ts";
import { type ColumnValues, readValues } from "../../column-values.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../../generator.ts";
import { dateProposals } from "./date-column.ts";
import { numberProposals } from "./number-column.ts";
import { timeProposals } from "./time-column.ts";
import { unitProposals } from "./unit-column.ts";

/** Columns in one statement. */
const CHUNK = 50;
/** Reading all values of so few cells is quicker than looking which are worth it. */
const FEW_CELLS = 1_000_000;
/** Longer texts are prose with digits in them. */
const LONGEST_MEAN = 40;
/** Rows enough to see whether a column is of numbers, quantities, dates or times at all. */
const SAMPLE_ROWS = 50_000;
/** Share of the filled cells in the sample that must look like one of them. */
const TYPED = 0.4;

/** A number, date or time with what may stand around it; no digits after a word but a year. */
const TYPED_LOOK = String.raw`(?i)\s*[(+−$€£¥-]*\s*(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|[a-z]{3} )[a-z]*[.,]?)?\s*[.,]?\d[\d.,:/'’\sT-]*[^\d]*(?:\d{2,4}[^\d]*)?`;
/** A number in its canonical form: nothing to do. */
const CANONICAL = String.raw`-?(?:0|[1-9][0-9]*)(?:\.[0-9]{0,6}[1-9])?`;

const Counts = z.object({ counts: z.array(z.array(z.number())) });

/** Names of columns whose numbers are labels: 1.0 is not 1. */
const LABEL_NAME = /version|release_?no|revision/i;

/** Columns of short texts, as the profile has them. */
function shortColumns({ profile, columns }: GeneratorContext): string[] {
  const short = profile.columns.filter(({ meanLength }) => meanLength <= LONGEST_MEAN);
  const names = new Set(short.map(({ name }) => name));
  return columns.filter((name) => names.has(name));
}

/** For each column of a relation the counts that `sums` says. */
async function countsOf(
  context: GeneratorContext,
  columns: readonly string[],
  source: Sql,
  sums: (name: Sql) => readonly Sql[],
): Promise<Map<string, number[]>> {
  const counts = new Map<string, number[]>();
  for (let from = 0; from < columns.length; from += CHUNK) {
    const chunk = columns.slice(from, from + CHUNK);
    const parts = chunk.map((column) => `[${sums(identifier(column)).join(", ")}]`);
    const sql = `SELECT [${parts.join(", ")}] AS counts FROM ${source}`;
    const [row] = await context.ask({ sql, row: Counts }, context.signal);
    for (const [place, column] of chunk.entries()) counts.set(column, row?.counts[place] ?? []);
  }
  return counts;
}

/** Columns of numbers, quantities, dates or times in which some cell is not a canonical numeral. */
async function columnsToRead(context: GeneratorContext): Promise<string[]> {
  if (context.rows * context.columns.length <= FEW_CELLS) return shortColumns(context);
  const every = Math.max(1, Math.floor(context.rows / SAMPLE_ROWS));
  const sample = every > 1 ? `${context.source} WHERE hash(${ROW}) % ${every} = 0` : context.source;
  const looks = await countsOf(context, context.columns, sample, (name) => [
    `count(${name})`,
    `count(*) FILTER (regexp_full_match(${name}, ${literal(TYPED_LOOK)}))`,
    `coalesce(sum(length(${name})), 0)::BIGINT`,
  ]);
  const typed = [...looks].filter(([, [filled = 0, like = 0, length = 0]]) => {
    return filled > 0 && like >= TYPED * filled && length <= LONGEST_MEAN * filled;
  });
  const odd = await countsOf(
    context,
    typed.map(([column]) => column),
    context.source,
    (name) => [
      `count(*) FILTER (${name} IS NOT NULL AND NOT regexp_full_match(${name}, ${literal(CANONICAL)}))`,
    ],
  );
  return [...odd].filter(([, [count = 0]]) => count > 0).map(([column]) => column);
}

/** The same proposal, saying that its figures are of a part of the values. */
function cutOff(proposal: Proposal, { values }: ColumnValues): Proposal {
  const { evidence } = proposal.step;
  if (!evidence) return proposal;
  const because = `${evidence.because} Figures are of the ${values.length} most frequent values.`;
  return { ...proposal, step: { ...proposal.step, evidence: { ...evidence, because } } };
}

/** Generator `formats`. */
export const formats = defineGenerator({
  name: "formats",
  title: "Numbers, quantities, dates and times in the form of their column",
  wave: "values",
  order: 30,
  async propose(context): Promise<Proposal[]> {
    const columns = await columnsToRead(context);
    const values = await readValues(context, columns);
    const proposals: Proposal[] = [];
    for (const column of values) {
      const found = [
        ...(LABEL_NAME.test(column.column) ? [] : numberProposals(column, context.options)),
        ...unitProposals(column),
        ...timeProposals(column),
        ...dateProposals(column),
      ];
      proposals.push(...(column.complete ? found : found.map((one) => cutOff(one, column))));
    }
    return proposals;
  },
});
