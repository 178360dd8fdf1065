/**
 * Generator `dependency-vote`: cells that contradict, or could be filled from, the columns that
 * determine theirs (approximate dependencies with leave-one-out voting).
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import { type Predicate, type Step } from "../../../../recipe/index.ts";
import { defineGenerator, type GeneratorContext, type Proposal } from "../../generator.ts";
import { authorityIn } from "./authority.ts";
import { authorityProposals } from "./authority-proposals.ts";
import { type CodedColumn, type CodedTable, codedTable } from "./coded-table.ts";
import { outside } from "./concentration.ts";
import { determinantsOf } from "./determinants.ts";
import { fillPlan } from "./fill-plan.ts";
import { exceptions, overwritePlans } from "./overwrite-plan.ts";
import type { Plan } from "./plan.ts";
import { reportPlans } from "./report-plan.ts";
import { type Reports, reportsIn } from "./reports.ts";

/** Above this many cells only the dependencies that profiling found are looked at, not all pairs. */
const MOST_CELLS_FOR_ALL_PAIRS = 4_000_000;
const ORDER = { any: 0, near: 1, missing: 2 };

/** Proposes `repair_by_dependency` steps: first what overwrites, then what fills. */
export const dependencyVote = defineGenerator({
  name: "dependency-vote",
  title: "Cells that disagree with the columns that determine them",
  wave: "table",
  order: 20,
  propose: async (context) => {
    const table = await codedTable(context);
    const reports = reportsIn(table);
    const authority = reports && authorityIn(table, reports);
    const told = authority
      ? table.columns.flatMap((column) => authorityProposals(reports, authority, column))
      : [];
    const plans = await plansFor(context, table, reports);
    const voted = plans
      .toSorted((a, b) => ORDER[a.write] - ORDER[b.write])
      .map((plan) => proposalOf(plan, table.scale));
    return [...told, ...voted];
  },
});

async function plansFor(
  context: GeneratorContext,
  table: CodedTable,
  reports: Reports | undefined,
): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const dependent of table.columns) {
    // Counting blocks the thread: let others have it between columns.
    await setImmediate();
    context.signal?.throwIfAborted();
    if (reports) plans.push(...reportPlans(reports, dependent));
    else plans.push(...votePlans(context, table, dependent));
  }
  return plans;
}

function votePlans(context: GeneratorContext, table: CodedTable, dependent: CodedColumn): Plan[] {
  const determinants = determinantsOf(table, dependent, candidates(context, table, dependent));
  if (determinants.length === 0) return [];
  const settled = determinants.filter((one) => one.settled);
  const spared = exceptions(table, dependent, settled);
  const fill = fillPlan(dependent, determinants, spared);
  return [...overwritePlans(dependent, settled, spared), ...(fill ? [fill] : [])];
}

function candidates(
  { dependencies }: GeneratorContext,
  table: CodedTable,
  dependent: CodedColumn,
): CodedColumn[] {
  if (table.rows * table.columns.length <= MOST_CELLS_FOR_ALL_PAIRS) return [...table.columns];
  const named = new Set(
    dependencies
      .filter((one) => one.dependent === dependent.name)
      .flatMap(({ determinant }) => determinant),
  );
  return table.columns.filter(({ name }) => named.has(name));
}

function proposalOf(plan: Plan, scale: number): Proposal {
  const { dependent, determinants, write, minShare, minSupport, minVotes, maxOwnShare } = plan;
  const step: Omit<Step, "id" | "provenance"> = {
    operation: "repair_by_dependency",
    columns: [dependent.name],
    args: {
      determinants: determinants.map(({ columns, weight }) => ({ columns: [...columns], weight })),
      minShare,
      minSupport,
      write,
      ...(write === "missing" ? {} : { maxOwnShare }),
      ...(minVotes > 0 ? { minVotes } : {}),
    },
    ...scopeOf(plan),
    onFail: "keep",
    evidence: {
      because: becauseOf(plan),
      support: plan.support * scale,
      counterExamples: plan.counterExamples * scale,
      affected: plan.changes.length * scale,
      samples: samplesOf(plan),
    },
  };
  return { step, confidence: plan.confidence, intent: "repair" };
}

function becauseOf({ dependent, determinants, write, ground, spared }: Plan): string {
  const names = determinants.map(({ columns }) => columns.join(" + ")).join(", ");
  const doing =
    write === "missing" ? "Empty cells are filled" : "Cells that contradict it are rewritten";
  const left =
    spared.length === 0
      ? ""
      : ` Rows with ${spared.map(({ column, value }) => `${column} = ${value}`).join(", ")} differ as a block and are left alone.`;
  return `${dependent.name} is determined by ${names}. ${doing}: ${ground}.${left}`;
}

/** What overwrites leaves empty cells to the step that fills; neither touches spared rows. */
function scopeOf({ write, dependent, spared, only }: Plan): { where?: Predicate } {
  const left = outside(spared);
  if (write !== "missing" && !only) left.unshift({ column: dependent.name, empty: true });
  const parts: Predicate[] = left.length === 0 ? [] : [{ not: { any: left } }];
  if (only) parts.unshift({ column: dependent.name, in: only });
  const [first, ...more] = parts;
  if (!first) return {};
  return { where: more.length === 0 ? first : { all: parts } };
}

function samplesOf({ dependent, changes }: Plan) {
  const counts = new Map<string, { old: string | null; new: string | null; count: number }>();
  for (const { own, winner } of changes) {
    const key = `${own} ${winner}`;
    const sample = counts.get(key) ?? {
      old: dependent.values[own] ?? null,
      new: dependent.values[winner] ?? null,
      count: 0,
    };
    sample.count++;
    counts.set(key, sample);
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count).slice(0, 10);
}
