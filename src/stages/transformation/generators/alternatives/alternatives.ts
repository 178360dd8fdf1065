/** The generator of alternatives: cells that list several values where one is due, settled by another column. */
import { z } from "zod";
import { identifier, type Query, type Sql } from "../../../../core/index.ts";
import { cellCount, type Change, changeEvidence } from "../../change-evidence.ts";
import { cells } from "../../column-values.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../../generator.ts";

/** Wider tables are matrices of one kind of value: looking for lists in each column costs more than it finds. */
const MOST_COLUMNS = 1_000;
/** Columns in one statement. */
const CHUNK = 50;
/** Share of filled cells that hold one value alone. */
const SINGLE = 0.9;
/** Rows that it takes to know how often two columns agree. */
const FEWEST_ROWS = 50;
const FEWEST_CELLS = 3;
/** Two columns that agree less often settle nothing. */
const AGREEMENT = 0.8;
const SURE = 0.95;
const MAX_ENTRIES = 5_000;
/** Mean length of texts that may settle a list. */
const BRIEF = 60;
/** Share of the lists that must be settled: where most are not, they are values of several words. */
const SETTLED = 0.8;

/** A value without marks inside, and several of them. */
const ONE = String.raw`[\p{L}\p{N}]+`;
const SEVERAL = String.raw`[\p{L}\p{N}]+(?:[ ,;|/]+[\p{L}\p{N}]+)+`;
/** What stands between values. */
const MARKS = "[ ,;|/]+";

const Shape = z.object({ shapes: z.array(z.array(z.number())) });
const Agreement = z.object({ agreements: z.array(z.array(z.number())) });
const Listing = z.object({ list: z.string(), other: z.string(), count: z.number() });

/** Columns of single values in which a few cells list several. */
async function columnsWithLists(context: GeneratorContext): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < context.columns.length; from += CHUNK) {
    const chunk = context.columns.slice(from, from + CHUNK);
    const parts = chunk.map((column) => {
      const name = identifier(column);
      return `[count(${name}), count(*) FILTER (regexp_full_match(${name}, '${ONE}')), count(*) FILTER (regexp_full_match(${name}, '${SEVERAL}'))]`;
    });
    const sql = `SELECT [${parts.join(", ")}] AS shapes FROM ${context.source}`;
    const [row] = await context.ask({ sql, row: Shape }, context.signal);
    for (const [place, column] of chunk.entries()) {
      const [filled = 0, single = 0, several = 0] = row?.shapes[place] ?? [];
      if (single >= SINGLE * filled && several >= FEWEST_CELLS) found.push(column);
    }
  }
  return found;
}

/** The words of a text, as a list in SQL. */
function words(text: Sql): Sql {
  return `string_split_regex(${text}, '[^\\p{L}\\p{N}]+')`;
}

/** For each other column: rows where both are filled and `column` holds one value, and those where the other names it. */
function agreementQuery(
  { source }: GeneratorContext,
  column: string,
  others: readonly string[],
): Query<z.infer<typeof Agreement>> {
  const [name, single] = [identifier(column), `regexp_full_match(${identifier(column)}, '${ONE}')`];
  const parts = others.map((other) => {
    const named = `list_contains(${words(identifier(other))}, ${name})`;
    return `[count(${identifier(other)}), count(*) FILTER (${named})]`;
  });
  return {
    sql: `SELECT [${parts.join(", ")}] AS agreements FROM ${source} WHERE ${single}`,
    row: Agreement,
  };
}

/** A column that names the value of another one, and in what share of the rows. */
interface Witness {
  readonly other: string;
  readonly agreement: number;
  readonly rows: number;
}

/** The column that most often names the value of `column`. */
async function witness(context: GeneratorContext, column: string): Promise<Witness | undefined> {
  // Prose names many things.
  const brief = context.profile.columns.filter(({ meanLength }) => meanLength <= BRIEF);
  const names = new Set(brief.map(({ name }) => name));
  const others = context.columns.filter((name) => name !== column && names.has(name));
  const found: Witness[] = [];
  for (let from = 0; from < others.length; from += CHUNK) {
    const chunk = others.slice(from, from + CHUNK);
    const [row] = await context.ask(agreementQuery(context, column, chunk), context.signal);
    for (const [place, other] of chunk.entries()) {
      const [rows = 0, named = 0] = row?.agreements[place] ?? [];
      if (rows >= FEWEST_ROWS) found.push({ other, agreement: named / rows, rows });
    }
  }
  const [best] = found.toSorted((a, b) => b.agreement - a.agreement);
  return best && best.agreement >= AGREEMENT ? best : undefined;
}

/** Shape of a value: digits and letters by their number, so that a list of years is told from a name. */
function sizedShape(value: string): string {
  return value.replaceAll(/\p{N}/gu, "9").replaceAll(/\p{L}/gu, "a");
}

/** The one value of a list that the words of another cell name; undefined when none or several do. */
export function settled(list: string, other: string): string | undefined {
  const values = new Set(list.split(new RegExp(MARKS)).filter((value) => value !== ""));
  const shapes = new Set([...values].map((value) => sizedShape(value)));
  if (values.size < 2 || shapes.size !== 1) return undefined;
  const named = new Set(other.split(/[^\p{L}\p{N}]+/u));
  const both = [...values].filter((value) => named.has(value));
  return both.length === 1 ? both[0] : undefined;
}

async function proposalsFor(context: GeneratorContext, column: string): Promise<Proposal[]> {
  const best = await witness(context, column);
  if (!best) return [];
  const { other, agreement, rows } = best;
  const listings = await context.ask(
    {
      sql: `SELECT ${identifier(column)} AS list, ${identifier(other)} AS other, count(*)::BIGINT AS "count"
  FROM ${context.source} WHERE regexp_full_match(${identifier(column)}, '${SEVERAL}') AND ${identifier(other)} IS NOT NULL
  GROUP BY ALL ORDER BY "count" DESC, list, other LIMIT ${MAX_ENTRIES}`,
      row: Listing,
    },
    context.signal,
  );
  const entries = listings.flatMap((listing) => {
    const value = settled(listing.list, listing.other);
    return value === undefined ? [] : [{ ...listing, value }];
  });
  if (cells(entries) < Math.max(FEWEST_CELLS, SETTLED * cells(listings))) return [];
  const changes = entries.map(({ list, value, count }): Change => ({
    old: list,
    new: value,
    count,
  }));
  const share = `${(agreement * 100).toFixed(1)} %`;
  return [
    {
      step: {
        operation: "map_by_key",
        columns: [column],
        args: { key: [other], map: entries.map((entry) => [entry.other, entry.list, entry.value]) },
        onFail: "keep",
        evidence: changeEvidence(
          `${cellCount(cells(entries))} list several values; "${other}" names one of them, as it names the value of the column in ${share} of the other rows.`,
          changes,
          {
            support: Math.round(agreement * rows),
            counterExamples: Math.round((1 - agreement) * rows),
          },
        ),
      },
      // How often the other rows agree is how often this will be right.
      confidence: Math.min(SURE, agreement),
      intent: "repair",
    },
  ];
}

/** Generator `alternatives`. */
export const alternatives = defineGenerator({
  name: "alternatives",
  title: "Cells that list several values where another column tells which is meant",
  wave: "table",
  order: 15,
  async propose(context): Promise<Proposal[]> {
    const proposals: Proposal[] = [];
    if (context.columns.length > MOST_COLUMNS) return proposals;
    for (const column of await columnsWithLists(context))
      proposals.push(...(await proposalsFor(context, column)));
    return proposals;
  },
});
