/**
 * Generator `clusters`: rare values that are slips or other spellings of frequent ones, and values
 * that an error channel explains, on the distinct values of each column.
 *
 * @module
 */
import { changeEvidence, type Change } from "../../change-evidence.ts";
import { type ColumnValues, readValues } from "../../column-values.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../../generator.ts";
import {
  type CodedTable,
  codedTable,
  EMPTY,
  type Gathering,
  gatherings,
  outside,
} from "../dependencies/index.ts";
import { type Channel, channelsOf } from "./channel.ts";
import { channelBelief, channelRepairs } from "./channel-repairs.ts";
import { nearPairs, type NearPair } from "./near-frequent.ts";
import { slipsOf } from "./slips.ts";
import { type Spellings, spellingsOf } from "./spellings.ts";

/** A column in which more of the values than this are different is a key or free text. */
const MOST_DISTINCT = 0.5;
/** Neighbours that are there by chance are not even suggested as slips. */
const LEAST_BELIEF = 0.2;
/** Fewer slips than this in a column may be names of their own. */
const LEAST_SLIPS = 5;
const CONFIDENCE = { value: 0.96, word: 0.93, mostSlips: 0.93, fewSlips: 0.4, spelling: 0.45 };

/** Proposes dictionaries (`map_values`, `canonicalise_cluster`) per column and confidence. */
export const clusters = defineGenerator({
  name: "clusters",
  title: "Rare values that are slips of frequent ones",
  wave: "table",
  order: 40,
  propose: async (context) => {
    const columns = await repeatingColumns(context);
    const near = columns.map(({ values }) => nearPairs(values));
    const channels = channelsOf(near.flat());
    const table = channels.length > 0 ? await codedTable(context) : undefined;
    return columns.flatMap((column, at) => {
      context.signal?.throwIfAborted();
      const spare = (olds: ReadonlySet<string>) => blocks(table, column.column, olds);
      return proposalsFor(column, near[at] ?? [], channels, spare, context.options.restyle.case);
    });
  },
});

async function repeatingColumns(context: GeneratorContext): Promise<ColumnValues[]> {
  const all = await readValues(context, context.columns);
  return all.filter(({ values, complete }) => {
    const filled = values.reduce((sum, { count }) => sum + count, 0);
    return complete && values.length >= 2 && values.length <= MOST_DISTINCT * filled;
  });
}

function proposalsFor(
  { column, values }: ColumnValues,
  near: readonly NearPair[],
  channels: readonly Channel[],
  spare: (olds: ReadonlySet<string>) => Gathering[],
  caseWished: boolean,
): Proposal[] {
  const done = new Set<string>();
  const proposals: Proposal[] = [];
  for (const channel of channels) {
    const repairs = channelRepairs(values, channel).filter(({ old }) => !done.has(old));
    for (const { old } of repairs) done.add(old);
    const belief = channelBelief(
      values,
      channel,
      repairs.filter(({ by }) => by === "value"),
    );
    const spared = spare(new Set(repairs.map(({ old }) => old)));
    for (const by of ["value", "word"] as const)
      proposals.push(
        ...mapProposal(
          column,
          repairs.filter((one) => one.by === by),
          {
            confidence: Math.min(CONFIDENCE[by], belief),
            spared,
            because: channelSentence(column, channel, by),
            support: channel.shown,
            against: channel.pairs - channel.shown,
          },
        ),
      );
  }
  const remaining = near.filter(({ rare }) => !done.has(rare.value));
  const { slips, rare, belief } = slipsOf(values, remaining);
  proposals.push(
    ...mapProposal(column, belief < LEAST_BELIEF ? [] : slips, {
      confidence:
        slips.length < LEAST_SLIPS
          ? Math.min(belief, CONFIDENCE.fewSlips)
          : Math.min(belief, CONFIDENCE.mostSlips),
      because: `${slips.length} of the ${rare} rare values of ${column} are one slip away from a value at least ten times as frequent; by chance it would be ${Math.round(slips.length * (1 - belief))}.`,
    }),
    ...spellingProposals(column, spellingsOf(values), done, caseWished),
  );
  return proposals;
}

/** Rows that hold such values as a block: they have a reason of their own, noise has none. */
function blocks(
  table: CodedTable | undefined,
  name: string,
  olds: ReadonlySet<string>,
): Gathering[] {
  const column = table?.columns.find((one) => one.name === name);
  if (!table || !column || olds.size === 0) return [];
  const noisy = column.values.map((value) => olds.has(value));
  const rows = [...column.codes.keys()].filter((row) => noisy[column.codes[row] ?? EMPTY]);
  return gatherings(table, column, rows);
}

function channelSentence(column: string, channel: Channel, by: "value" | "word"): string {
  const what = channel.kind === "substitute" ? "stands in the place of others" : "is inserted";
  const match = by === "value" ? "one frequent value" : "one frequent word for each damaged one";
  return `In ${channel.shown} of ${channel.pairs} rare values that are one edit from a frequent one, the character ${JSON.stringify(channel.character)} ${what}; with it taken as noise, these values of ${column} fit ${match}.`;
}

interface Reason {
  readonly confidence: number;
  readonly because: string;
  readonly support?: number;
  readonly against?: number;
  readonly spared?: readonly Gathering[];
}

function mapProposal(
  column: string,
  changes: readonly Change[],
  { confidence, because, support, against = 0, spared = [] }: Reason,
): Proposal[] {
  if (changes.length === 0) return [];
  const ordered = changes.toSorted((a, b) => ((a.old ?? "") < (b.old ?? "") ? -1 : 1));
  const step: Proposal["step"] = {
    operation: "map_values",
    columns: [column],
    args: { map: ordered.map((one) => [one.old, one.new]) },
    ...(spared.length > 0 ? { where: { not: { any: outside(spared) } } } : {}),
    onFail: "keep",
    evidence: changeEvidence(because, changes, {
      ...(support === undefined ? {} : { support }),
      counterExamples: against,
    }),
  };
  return [{ step, confidence, intent: "repair" }];
}

function spellingProposals(
  column: string,
  all: readonly Spellings[],
  done: ReadonlySet<string>,
  caseWished: boolean,
): Proposal[] {
  return [true, false].flatMap((caseOnly): Proposal[] => {
    const groups = all
      .filter((one) => one.caseOnly === caseOnly)
      .map(({ to, from }) => ({ to, from: from.filter(({ value }) => !done.has(value)) }))
      .filter(({ from }) => from.length > 0);
    if (groups.length === 0 || (caseOnly && !caseWished)) return [];
    const changes = groups.flatMap(({ to, from }) =>
      from.map(({ value, count }) => ({ old: value, new: to.value, count })),
    );
    const because = `Values of ${column} that differ only in ${caseOnly ? "letter case" : "accents, punctuation, blanks or the order of words"} from one at least ten times as frequent.`;
    const step: Proposal["step"] = {
      operation: "canonicalise_cluster",
      columns: [column],
      args: {
        clusters: groups.map(({ to, from }) => ({
          to: to.value,
          from: from.map(({ value }) => value),
        })),
      },
      onFail: "keep",
      evidence: changeEvidence(because, changes),
    };
    const intent = caseOnly ? "restyle" : "repair";
    return [{ step, confidence: CONFIDENCE.spelling, intent }];
  });
}
