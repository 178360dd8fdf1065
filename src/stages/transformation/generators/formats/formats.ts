/** The generator of formats: numbers, quantities, times and dates that are not written as their column writes them. */
import { z } from "zod";
import { identifier } from "../../../../core/index.ts";
import { readValues } from "../../column-values.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../../generator.ts";
import { dateProposals } from "./date-column.ts";
import { numberProposals } from "./number-column.ts";
import { timeProposals } from "./time-column.ts";
import { unitProposals } from "./unit-column.ts";

/** Columns in one statement. */
const CHUNK = 50;
/** Longer texts are prose with digits in them. */
const LONGEST_MEAN = 40;

const Counts = z.object({ counts: z.array(z.array(z.number())) });

/** Names of columns whose numbers are labels: 1.0 is not 1. */
const LABEL_NAME = /version|release_?no|revision/i;

/** Columns of short texts of which at least half hold a digit. */
async function columnsWithDigits(context: GeneratorContext): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < context.columns.length; from += CHUNK) {
    const chunk = context.columns.slice(from, from + CHUNK);
    const parts = chunk.map((column) => {
      const name = identifier(column);
      return `[count(${name}), count(*) FILTER (regexp_matches(${name}, '[0-9]')), coalesce(sum(length(${name})), 0)::BIGINT]`;
    });
    const sql = `SELECT [${parts.join(", ")}] AS counts FROM ${context.source}`;
    const [row] = await context.ask({ sql, row: Counts }, context.signal);
    for (const [place, column] of chunk.entries()) {
      const [filled = 0, digits = 0, length = 0] = row?.counts[place] ?? [];
      if (digits >= filled / 2 && filled > 0 && length / filled <= LONGEST_MEAN) found.push(column);
    }
  }
  return found;
}

/** Generator `formats`. */
export const formats = defineGenerator({
  name: "formats",
  title: "Numbers, quantities, dates and times in the form of their column",
  wave: "values",
  order: 30,
  async propose(context): Promise<Proposal[]> {
    const columns = await columnsWithDigits(context);
    const values = await readValues(context, columns);
    return values.flatMap((column) => [
      ...(LABEL_NAME.test(column.column) ? [] : numberProposals(column, context.options)),
      ...unitProposals(column),
      ...timeProposals(column),
      ...dateProposals(column),
    ]);
  },
});
