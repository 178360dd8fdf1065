/** The profile as a whole, from what the branches found. */
import type { ColumnsPart } from "./column-part.ts";
import type { DependenciesPart } from "./dependency-part.ts";
import type { ProfilingInput } from "./input.ts";
import { type KeysPart, singleKeys } from "./key-part.ts";
import type { PatternsPart } from "./pattern-part.ts";
import type { ColumnProfile, Dependency, Profile } from "./profile.ts";

/** What the four branches found. */
export interface ProfileParts {
  readonly columns: ColumnsPart;
  readonly patterns: PatternsPart;
  readonly keys: KeysPart;
  readonly dependencies: DependenciesPart;
}

/** Put the branches' findings together and assess the table. Pure. */
export function composeProfile(
  input: Pick<ProfilingInput, "dataset" | "fingerprint" | "rows">,
  parts: ProfileParts,
): Profile {
  const patterns = new Map(parts.patterns.map((column) => [column.position, column]));
  const columns = parts.columns.map((counts): ColumnProfile => {
    const found = patterns.get(counts.position);
    return {
      nullTokens: [],
      patterns: [],
      kind: "text",
      kindShare: 1,
      exceptions: 0,
      formats: [],
      numbers: null,
      ...found,
      ...counts,
    };
  });
  const { dependencies, missingness } = parts.dependencies;
  const { keys, duplicates } = parts.keys;
  return {
    version: 1,
    dataset: input.dataset,
    fingerprint: input.fingerprint,
    rows: input.rows,
    columns,
    keys: [...singleKeys(parts.columns), ...keys],
    duplicates,
    dependencies,
    missingness,
    quality: assess(input.rows, columns, duplicates.rows, dependencies),
  };
}

/** Dependencies from this strength on are taken for rules of the table. */
const RULE = 0.9;

function assess(
  rows: number,
  columns: readonly ColumnProfile[],
  repeated: number,
  dependencies: readonly Dependency[],
): Profile["quality"] {
  const cells = rows * columns.length;
  const missing = columns.reduce((sum, { nulls, blanks, nullTokens }) => {
    return sum + nulls + blanks + nullTokens.reduce((all, { count }) => all + count, 0);
  }, 0);
  const exceptions = columns.reduce((sum, column) => sum + column.exceptions, 0);
  const rules = dependencies.filter(({ strength }) => strength >= RULE);
  const support = rules.reduce((sum, rule) => sum + rule.support, 0);
  const violations = rules.reduce((sum, rule) => sum + rule.violations, 0);
  return {
    completeness: share(cells - missing, cells),
    validity: share(cells - missing - exceptions, cells - missing),
    consistency: share(support - violations, support),
    uniqueness: share(rows - repeated, rows),
  };
}

/** A share to six digits; of nothing it is whole. */
function share(part: number, whole: number): number {
  return whole <= 0 ? 1 : Number(Math.min(1, Math.max(0, part / whole)).toFixed(6));
}
