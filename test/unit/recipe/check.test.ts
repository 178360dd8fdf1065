import { describe, expect, it } from "vitest";
import { isWranglerError } from "../../../src/core/index.ts";
import {
  checkRecipe,
  columnsOut,
  describeStep,
  findOperation,
  operationNames,
  Recipe,
} from "../../../src/recipe/index.ts";

function recipe(...steps: object[]): Recipe {
  const numbered = steps.map((step, i) => Object.assign({ id: `s${i + 1}`, columns: [] }, step));
  return Recipe.parse({ version: 1, columns: [], steps: numbered });
}

function problemsOf(steps: object[], columns: string[]): readonly string[] {
  try {
    checkRecipe(recipe(...steps), columns);
  } catch (error) {
    if (isWranglerError(error) && error.code === "RECIPE_INVALID") {
      const { problems } = error.details;
      if (Array.isArray(problems)) return problems;
    }
    throw error;
  }
  return [];
}

describe("checking a recipe", () => {
  it("finds every problem at once and says where it is", () => {
    const problems = problemsOf(
      [
        { operation: "trimm", columns: ["a"] },
        { operation: "trim", columns: ["citi"] },
        { operation: "parse_number", columns: ["a"], args: { decimal: ";", speed: 1 } },
        { operation: "strip_pattern", columns: ["a"], args: { pattern: "(?=x)" } },
        { operation: "swap_columns", columns: ["a", "city"] },
        { id: "s1", operation: "trim", columns: ["a"], guard: "(" },
        { operation: "extract_pattern", columns: ["a"], args: { pattern: "[(]\\d+", group: 1 } },
      ],
      ["a", "city"],
    );
    expect(problems).toEqual([
      'step s1 (trimm): there is no such operation. Did you mean "trim"?',
      'step s2 (trim): there is no column "citi" here. Did you mean "city"?',
      expect.stringMatching(/^step s3 \(parse_number\): args\.decimal: /),
      expect.stringMatching(/^step s3 \(parse_number\): args: .*speed/),
      "step s4 (strip_pattern): args.pattern: is no RE2 pattern: RE2 has no lookahead or lookbehind",
      "step s5 (swap_columns): where: is needed",
      "step s1 (trim): its id stands twice",
      "step s1 (trim): pattern (: a parenthesis is not closed",
      "step s7 (extract_pattern): args.group: is 1, but the pattern has 0 groups",
    ]);
  });

  it("follows columns through the steps that rename, split, merge and drop them", () => {
    const steps = [
      { operation: "rename_columns", args: { names: { a: "b", b: "a" } } },
      { operation: "split_column", columns: ["b"], args: { separator: " ", into: ["x", "y"] } },
      { operation: "merge_columns", columns: ["y", "c"], args: { into: "z" } },
      { operation: "flag_outlier", columns: ["z"], args: { min: 0, into: "odd" } },
      { operation: "reorder_columns", args: { order: ["odd"] } },
      { operation: "drop_columns", columns: ["a"] },
    ];
    expect(columnsOut(recipe(...steps), ["a", "b", "c"])).toEqual(["odd", "x", "z"]);
    expect(problemsOf([...steps, { operation: "trim", columns: ["b"] }], ["a", "b", "c"])).toEqual([
      expect.stringContaining('step s7 (trim): there is no column "b" here.'),
    ]);
  });

  it("refuses names that would be one when letter case is ignored", () => {
    const step = { operation: "rename_columns", args: { names: { a: "B" } } };
    expect(problemsOf([step], ["a", "b"])).toEqual([
      'step s1 (rename_columns): the column "b" would stand twice',
    ]);
  });

  it("names a similar operation for one it does not know", () => {
    expect(() => findOperation("parse_numbr")).toThrow('Did you mean "parse_number"?');
  });
});

describe("describing a step", () => {
  it("says what it does and where", () => {
    const [step] = recipe({
      operation: "parse_number",
      columns: ["ounces"],
      args: { units: ["oz"] },
      where: {
        any: [{ column: "kind", in: ["a", "b"] }, { not: { column: "kind", empty: true } }],
      },
    }).steps;
    expect(step && describeStep(step)).toBe(
      "Removes the unit “oz” from “ounces” and writes plain numbers, where “kind” is one of “a”, “b” or not (“kind” is empty)",
    );
  });

  it.each(operationNames())("%s has a valid example and a sentence", (name) => {
    const operation = findOperation(name);
    const args = operation.args.parse(operation.example.args);
    const said = operation.sentence({ columns: operation.example.columns, args });
    expect(said).toMatch(/^[A-Z].*[^.]$/s);
    expect(said).not.toContain("undefined");
  });
});
