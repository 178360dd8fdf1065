/** Records of the later stages for tests: whole, and changed where a test asks for it. */
import type { Candidate } from "../../src/stages/transformation/index.ts";
import type { Verdict } from "../../src/stages/validation/index.ts";
import type { Score } from "../../src/stages/scoring/index.ts";

/** A candidate without steps. */
export function candidateOf(id: string, changes: Partial<Candidate> = {}): Candidate {
  return {
    version: 1,
    id,
    title: id,
    description: "",
    fingerprint: "f",
    recipe: { version: 1, columns: ["a"], steps: [] },
    suggestions: [],
    ...changes,
  };
}

/** A verdict that passed. */
export function verdictOf(id: string, changes: Partial<Verdict> = {}): Verdict {
  return {
    version: 1,
    candidateId: id,
    passed: true,
    rules: [],
    risks: [],
    recipe: { version: 1, columns: ["a"], steps: [] },
    suggestions: [],
    measures: { dependencies: [], keys: [], constraints: [], changes: [] },
    accounting: {
      recordsIn: 10,
      rowsOut: 10,
      rowsQuarantined: 0,
      duplicatesRemoved: 0,
      cellsChanged: 0,
      cellsQuarantined: 0,
    },
    ...changes,
  };
}

/** A score of one metric. */
export function scoreOf(
  id: string,
  value: number,
  changes: Partial<Omit<Score, "cost">> & { readonly cost?: Partial<Score["cost"]> } = {},
): Score {
  const { cost, ...rest } = changes;
  return {
    version: 1,
    candidateId: id,
    value,
    baseline: 0.5,
    parts: [{ metric: "validity", before: 0.5, after: value, weight: 1, evidence: "" }],
    ...rest,
    cost: {
      cellsChanged: id === "as-is" ? 0 : 10,
      steps: 1,
      descriptionBits: 100,
      expectedCorruptions: 0,
      ...cost,
    },
  };
}
