import { describe, expect, test } from "vitest";
import {
  combine,
  type Proposal,
  normalisation,
  selectedGenerators,
  TransformationOptions,
} from "../../../../src/stages/transformation/index.ts";

function proposal(column: string, confidence: number, operation = "trim"): Proposal {
  const evidence = { because: "b", support: 1, counterExamples: 0, affected: 1, samples: [] };
  const step = { operation, columns: [column], args: {}, onFail: "keep" as const, evidence };
  return { step, confidence, intent: "repair" };
}

const options = (input: object = {}) =>
  TransformationOptions.parse({ maxCandidates: 20, ...input });
const profile = { fingerprint: "f" };
const columns = ["a", "b"];

const proposals = new Map([
  ["formats", [proposal("a", 0.97), proposal("a", 0.6)]],
  ["characters", [proposal("b", 0.85)]],
  ["spills", [proposal("a", 0.3)]],
]);

describe("combine", () => {
  test("the levels take the steps that are sure enough, in running order", () => {
    const made = combine({ profile, columns, proposals, options: options() });
    const taken = Object.fromEntries(
      made.map(({ id, recipe }) => [
        id,
        recipe.steps.map(({ provenance }) => provenance?.generator),
      ]),
    );
    expect(taken).toEqual({
      "as-is": [],
      balanced: ["characters", "formats"],
      conservative: ["formats"],
      thorough: ["characters", "formats", "formats"],
      "only-characters": ["characters"],
    });
  });

  test("ids count in running order and suggestions go on from there", () => {
    const balanced = combine({ profile, columns, proposals, options: options() })[1]!;
    expect(balanced.recipe.steps.map(({ id }) => id)).toEqual(["s1", "s2"]);
    expect(balanced.suggestions.map(({ id }) => id)).toEqual(["s3", "s4"]);
    expect(balanced.recipe.columns).toEqual(columns);
    expect(balanced.fingerprint).toBe("f");
  });

  test("equal recipes appear once and as-is is always there", () => {
    const one = new Map([["formats", [proposal("a", 0.97)]]]);
    expect(
      combine({ profile, columns, proposals: one, options: options() }).map(({ id }) => id),
    ).toEqual(["as-is", "balanced"]);
    expect(
      combine({ profile, columns, proposals: new Map(), options: options() }).map(({ id }) => id),
    ).toEqual(["as-is"]);
  });

  test("there are at most maxCandidates", () => {
    const made = combine({ profile, columns, proposals, options: options({ maxCandidates: 2 }) });
    expect(made.map(({ id }) => id)).toEqual(["as-is", "balanced"]);
  });

  test("operations and generators that are not allowed leave no step", () => {
    const mixed = new Map([
      ["formats", [proposal("a", 0.97), proposal("a", 0.97, "parse_number")]],
    ]);
    const allowed = combine({
      profile,
      columns,
      proposals: mixed,
      options: options({ allowedOperations: ["trim"] }),
    });
    expect(allowed[1]!.recipe.steps.map(({ operation }) => operation)).toEqual(["trim"]);
    const chosen = combine({
      profile,
      columns,
      proposals,
      options: options({ generators: ["spills"] }),
    });
    expect(chosen.map(({ id }) => id)).toEqual(["as-is"]);
    expect(chosen[0]!.suggestions).toHaveLength(1);
  });

  test("unknown names are refused with a near one", () => {
    const request = { profile, columns, proposals };
    expect(() => combine({ ...request, options: options({ generators: ["formts"] }) })).toThrow(
      /no generator\. Did you mean "formats"/,
    );
    expect(() =>
      combine({ ...request, options: options({ allowedOperations: ["trin"] }) }),
    ).toThrow(/no operation\. Did you mean "trim"/);
  });
});

test("normalisation takes only what the first wave is sure of", () => {
  const recipe = normalisation({
    columns,
    proposals: new Map([...proposals, ["spills", [proposal("a", 0.99)]]]),
    options: options(),
  });
  expect(recipe.steps.map(({ provenance }) => provenance?.generator)).toEqual([
    "characters",
    "formats",
  ]);
});

test("generators are selected by wave and name, in running order", () => {
  expect(selectedGenerators(options(), "values").map(({ name }) => name)).toEqual([
    "characters",
    "nulls",
    "formats",
  ]);
  expect(
    selectedGenerators(options({ generators: ["spills", "nulls"] })).map(({ name }) => name),
  ).toEqual(["nulls", "spills"]);
});
