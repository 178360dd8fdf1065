/** The generator of spills: a token in one column that belongs into the empty cell of another. */
import { z } from "zod";
import { identifier, type Query } from "../../../../core/index.ts";
import { cellCount, changeEvidence } from "../../change-evidence.ts";
import { readValues, type ValueWithCount } from "../../column-values.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../../generator.ts";
import { findSpill, type Spill } from "./spill-evidence.ts";

/** A column with more values has no small domain that tokens could be recognised by. */
const LARGEST_DOMAIN = 2_000;
/** Columns whose domain is looked for in others, at most. */
const MOST_TARGETS = 30;
/** Columns in one statement. */
const CHUNK = 25;
/** Distinct texts read from each side. */
const TEXTS = 3_000;
/** Domains up to this size are named whole, so that the step also serves the next file. */
const WHOLE_DOMAIN = 200;

/** Mean length of texts that a token may have spilled into; longer ones are prose. */
const LONGEST_MEAN = 80;
/** Mean length of values that may spill. */
const LONGEST_TOKEN_MEAN = 30;

const SideRow = z.object({ position: z.number(), value: z.string(), count: z.number() });

/** Texts of columns in the rows where `target` is empty, or where it is filled. */
function sideQuery(
  context: GeneratorContext,
  target: string,
  columns: readonly string[],
  side: "empty" | "filled",
): Query<z.infer<typeof SideRow>> {
  const condition = `${identifier(target)} IS ${side === "empty" ? "" : "NOT "}NULL`;
  const parts = columns.map(
    (column, position) => `(SELECT ${position} AS "position", value, "count" FROM (
  SELECT ${identifier(column)} AS value, count(*)::BIGINT AS "count" FROM ${context.source}
  WHERE ${condition} AND ${identifier(column)} IS NOT NULL GROUP BY 1)
  ORDER BY "count" DESC, hash(value), value LIMIT ${TEXTS})`,
  );
  return { sql: parts.join("\nUNION ALL\n"), row: SideRow };
}

/** Spills of any column into `target`. */
async function spillsInto(
  context: GeneratorContext,
  target: string,
  domain: readonly ValueWithCount[],
  sources: readonly string[],
): Promise<Proposal[]> {
  const values = new Set(domain.map(({ value }) => value));
  const proposals: Proposal[] = [];
  for (let from = 0; from < sources.length; from += CHUNK) {
    const chunk = sources.slice(from, from + CHUNK);
    const empty = await context.ask(sideQuery(context, target, chunk, "empty"), context.signal);
    for (const [place, column] of chunk.entries()) {
      const whereEmpty = empty.filter(({ position }) => position === place);
      // Most pairs end here: the other side is only read for what looks like a spill without it.
      if (!findSpill({ whereEmpty, whereFilled: [], domain: values })) continue;
      const whereFilled = await context.ask(
        sideQuery(context, target, [column], "filled"),
        context.signal,
      );
      const spill = findSpill({ whereEmpty, whereFilled, domain: values });
      if (spill) proposals.push(proposalOf(column, target, spill, values));
    }
  }
  // A token has one home: the pair with the most cells.
  return proposals
    .toSorted((a, b) => (b.step.evidence?.support ?? 0) - (a.step.evidence?.support ?? 0))
    .slice(0, 1);
}

function proposalOf(
  column: string,
  target: string,
  spill: Spill,
  domain: ReadonlySet<string>,
): Proposal {
  const { position, separator, changes, support, counterExamples } = spill;
  const tokens = domain.size <= WHOLE_DOMAIN ? [...domain].toSorted() : spill.tokens;
  const end = position === "last" ? "end in" : "begin with";
  return {
    step: {
      operation: "move_token",
      columns: [column, target],
      args: { position, separator, tokens },
      onFail: "keep",
      evidence: changeEvidence(
        `${cellCount(support)} of "${column}" ${end} a value of "${target}", which is empty in those rows and nowhere else.`,
        changes,
        { support, counterExamples },
      ),
    },
    confidence: spill.confidence,
    intent: "repair",
  };
}

/** Generator `spills`. */
export const spills = defineGenerator({
  name: "spills",
  title: "Tokens that stand in the wrong column, next to an empty cell",
  wave: "table",
  order: 10,
  async propose(context): Promise<Proposal[]> {
    const profiles = new Map(context.profile.columns.map((column) => [column.name, column]));
    const targets = context.columns
      .filter((name) => {
        const profile = profiles.get(name);
        return (
          profile &&
          profile.nulls > 0 &&
          profile.distinct > 1 &&
          profile.distinct <= LARGEST_DOMAIN &&
          profile.meanLength <= LONGEST_TOKEN_MEAN
        );
      })
      .slice(0, MOST_TARGETS);
    if (targets.length === 0) return [];
    const domains = await readValues(context, targets, { limit: LARGEST_DOMAIN });
    const proposals: Proposal[] = [];
    for (const { column, values, complete } of domains) {
      if (!complete) continue;
      const others = context.columns.filter((name) => {
        const profile = profiles.get(name);
        return (
          name !== column && profile && profile.distinct > 1 && profile.meanLength <= LONGEST_MEAN
        );
      });
      proposals.push(...(await spillsInto(context, column, values, others)));
    }
    return proposals;
  },
});
