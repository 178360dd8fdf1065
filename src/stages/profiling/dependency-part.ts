/** Approximate functional dependencies, and columns that are empty together. */
import { z } from "zod";
import { identifier, literal } from "../../core/index.ts";
import { type Codes, combine, readCodes, type RowCodes, rowCodes, SAMPLE } from "./codes.ts";
import { type DependencyCounts, groupRows, measure, muPlus } from "./dependency-measure.ts";
import { confirmDependencies } from "./dependency-confirmation.ts";
import { byText, type ProfilingInput, sampleOf } from "./input.ts";
import { findMissingness } from "./missingness.ts";
import { Dependency, Profile } from "./profile.ts";

/** What the branch `dependencies` finds. */
export const DependenciesPart = z.object({
  dependencies: z.array(Dependency),
  missingness: Profile.shape.missingness,
});
export type DependenciesPart = z.infer<typeof DependenciesPart>;

/** A sample may show a dependency somewhat weaker than it is. */
const LEAST_TO_CONFIRM = 0.45;
const MOST_TO_CONFIRM = 100;
/** Weaker ones say nothing that anyone could build on. */
const LEAST_STRENGTH = 0.5;
/** Two columns are tried together where each alone is between the first and this. */
const LEAST_SINGLE = 0.3;
const STRONG = 0.95;
/** A pair of determinants must be so much stronger than the better of the two. */
const LEAST_GAIN = 0.03;
/** A determinant with more different values, by share of its rows, is rather a key. */
const KEY_SHARE = 0.7;
/** Share of rows that must stand in groups of three or more. */
const LEAST_SUPPORT = 0.4;

/**
 * Find dependencies and sets of columns that are empty together. Those of a large table are guessed
 * from a sample of its rows and counted on all. `rows` may be shared with {@link findKeys}.
 */
export async function findDependencies(
  input: ProfilingInput,
  rows: () => Promise<RowCodes> = rowCodes(input),
): Promise<DependenciesPart> {
  const missingness = await findMissingness(input);
  if (!input.options.dependencies || input.rows < 3) return { dependencies: [], missingness };
  const { columns, whole } = await rows();
  const codes = columns.slice(0, input.options.maxDependencyColumns);
  if (whole) return { dependencies: dependenciesOf(codes, LEAST_STRENGTH), missingness };
  const proposed = dependenciesOf(codes, LEAST_TO_CONFIRM);
  const grouped = await proposeByGroups(input, codes);
  const dependencies = await confirmDependencies(
    input,
    [...proposed, ...grouped].toSorted(byStrength).slice(0, MOST_TO_CONFIRM),
  );
  return {
    dependencies: dependencies
      .filter(({ strength }) => strength >= LEAST_STRENGTH)
      .toSorted(byStrength),
    missingness,
  };
}

const GroupsRow = z.object({
  name: z.string(),
  rows: z.int(),
  groups: z.int(),
  inTriples: z.int(),
});

/**
 * Dependencies on columns whose groups are too small to be met twice in a sample of rows: for each
 * such column a sample of its values is taken, with all their rows.
 */
async function proposeByGroups(
  input: ProfilingInput,
  columns: readonly Codes[],
): Promise<Dependency[]> {
  const scattered = columns.filter((column) => column.size >= 2 && !hasGroups(column));
  const counts = scattered.map(({ name }) => {
    const column = identifier(name);
    const condition = sampleOf(input, SAMPLE, column);
    return `SELECT ${literal(name)} AS "name", coalesce(sum("n"), 0)::BIGINT AS "rows", count(*) AS "groups",
        coalesce(sum("n") FILTER ("n" > 2), 0)::BIGINT AS "inTriples"
      FROM (SELECT count(*) AS "n" FROM ${input.source} WHERE ${column} IS NOT NULL AND ${condition} GROUP BY ${column})`;
  });
  if (counts.length === 0) return [];
  const sql = counts.join("\nUNION ALL ");
  const rows = await input.ask({ sql, row: GroupsRow }, input.signal);
  const repeated = new Set(
    rows
      .filter(({ groups, inTriples, rows: all }) => {
        return groups >= 2 && groups <= all * KEY_SHARE && inTriples >= all * LEAST_SUPPORT;
      })
      .map(({ name }) => name),
  );
  const determinants = columns.map(({ name }) => name).filter((name) => repeated.has(name));
  const codes = await readCodes(
    input,
    columns.map(({ name }) => name),
    determinants.map((name) => {
      const column = identifier(name);
      return `${column} IS NOT NULL AND ${sampleOf(input, SAMPLE, column)}`;
    }),
  );
  return codes.flatMap((some, index) => proposeFor(determinants[index] ?? "", some));
}

/** Dependencies on a column, by the rows of some of its values. */
function proposeFor(name: string, columns: readonly Codes[]): Dependency[] {
  const determinant = columns.find((column) => column.name === name);
  if (!determinant || !canDetermine(determinant)) return [];
  const varied = columns.filter(({ size }) => size >= 2);
  return measureAll([determinant], determinant, varied)
    .filter(({ strength }) => strength >= LEAST_TO_CONFIRM)
    .map((measured) => describe(measured));
}

/** Whether enough rows stand in groups of three or more. */
function hasGroups(column: Codes): boolean {
  const { rows, inTriples } = measure(groupRows(column), column);
  return canDetermine(column) && inTriples >= rows * LEAST_SUPPORT;
}

interface Measured {
  readonly determinant: readonly Codes[];
  readonly dependent: Codes;
  readonly counts: DependencyCounts;
  readonly strength: number;
}

/** Dependencies among columns of codes, strongest first. */
export function dependenciesOf(columns: readonly Codes[], leastStrength: number): Dependency[] {
  const varied = columns.filter(({ size }) => size >= 2);
  const singles = varied
    .filter((column) => canDetermine(column))
    .flatMap((column) => measureAll([column], column, varied));
  const pairs = pairsToTry(singles).flatMap(({ a, b, dependents }) => {
    const both = combine(a, b);
    return canDetermine(both) ? measureAll([a, b], both, dependents) : [];
  });
  const better = pairs.filter((pair) => {
    const alone = singles.filter(
      ({ determinant, dependent }) =>
        dependent === pair.dependent && determinant.some((one) => pair.determinant.includes(one)),
    );
    return pair.strength >= Math.max(...alone.map(({ strength }) => strength), 0) + LEAST_GAIN;
  });
  return [...singles, ...better]
    .filter(({ strength }) => strength >= leastStrength)
    .map((found) => describe(found))
    .toSorted(byStrength);
}

/** Not constant, and not as good as a key. */
function canDetermine({ codes, size }: Pick<Codes, "codes" | "size">): boolean {
  const filled = codes.reduce((sum, code) => sum + (code >= 0 ? 1 : 0), 0);
  return size >= 2 && size <= filled * KEY_SHARE;
}

function measureAll(
  determinant: readonly Codes[],
  grouped: Pick<Codes, "codes" | "size">,
  dependents: readonly Codes[],
): Measured[] {
  const grouping = groupRows(grouped);
  return dependents
    .filter((dependent) => !determinant.includes(dependent))
    .map((dependent) => {
      const counts = measure(grouping, dependent);
      return { determinant, dependent, counts, strength: muPlus(counts) };
    })
    .filter(({ counts }) => counts.inTriples >= counts.rows * LEAST_SUPPORT);
}

interface PairToTry {
  readonly a: Codes;
  readonly b: Codes;
  readonly dependents: readonly Codes[];
}

/** Pairs of determinants that each say something of the same dependents, but neither enough. */
function pairsToTry(singles: readonly Measured[]): PairToTry[] {
  const weak = singles.filter(({ strength }) => strength > LEAST_SINGLE && strength < STRONG);
  const pairs = new Map<Codes, Map<Codes, Codes[]>>();
  for (const first of weak) {
    for (const second of weak) {
      const [a, b] = [first.determinant[0], second.determinant[0]];
      if (!a || !b || first.dependent !== second.dependent || byText(a.name, b.name) >= 0) continue;
      const withA = pairs.get(a) ?? new Map<Codes, Codes[]>();
      pairs.set(a, withA.set(b, [...(withA.get(b) ?? []), first.dependent]));
    }
  }
  return [...pairs].flatMap(([a, withA]) =>
    [...withA].map(([b, dependents]) => ({ a, b, dependents })),
  );
}

function describe({ determinant, dependent, counts, strength }: Measured): Dependency {
  return {
    determinant: determinant.map(({ name }) => name),
    dependent: dependent.name,
    strength,
    support: counts.inPairs,
    violations: counts.violations,
  };
}

/** Strongest first, ties by names. */
function byStrength(a: Dependency, b: Dependency): number {
  return (
    b.strength - a.strength ||
    byText(a.dependent, b.dependent) ||
    byText(a.determinant.join("\n"), b.determinant.join("\n"))
  );
}
