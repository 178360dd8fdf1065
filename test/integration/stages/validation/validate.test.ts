import { describe, expect, test } from "vitest";
import type { z } from "zod";
import {
  type Constraint as Checked,
  defineConstraint,
  type Verdict,
} from "../../../../src/stages/validation/index.ts";
import { type Cells, judgedTable, series } from "../../../helpers/judged-table.ts";

/** 400 rows: an id, a zip that decides the city but for a few slips, an amount with a rare unit. */
const shops: Cells = {
  id: series(400, (i) => String(1000 + i)),
  zip: series(400, (i) => `900${10 + (i % 10)}`),
  city: series(400, (i) => (i % 67 === 3 ? "Ghoxt" : `City ${"ABCDEFGHIJ".charAt(i % 10)}`)),
  amount: series(400, (i) => (i % 50 === 0 ? `${i} EUR` : String(i))),
  note: series(400, (i) => (i === 7 ? null : `note ${i % 3}`)),
};

type Constraint = z.input<typeof Checked>;

const vote = (column: string, by: string, args: object = {}) => ({
  operation: "repair_by_dependency",
  columns: [column],
  args: {
    determinants: [{ columns: [by], weight: 1 }],
    minShare: 0.5,
    minSupport: 2,
    write: "any" as const,
    ...args,
  },
});

const map = (pairs: string[][]) => ({
  operation: "map_values",
  columns: ["state"],
  args: { map: pairs },
});

const rule = (verdict: Verdict, name: string) => verdict.rules.find((one) => one.rule === name);

describe("a good candidate", () => {
  test("passes every rule, and its tables stay", async () => {
    const table = await judgedTable(shops);
    const verdict = await table.validate([
      { operation: "parse_number", columns: ["amount"], args: { decimal: ".", units: ["EUR"] } },
      vote("city", "zip"),
    ]);
    expect(verdict.rules.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict.rules.map(({ rule: name }) => name)).toEqual([
      "row-accounting",
      "schema",
      "row-count",
      "keys",
      "idempotence",
      "dependencies",
      "leakage",
    ]);
    expect(verdict).toMatchObject({ passed: true, suggestions: [] });
    expect(verdict.accounting).toMatchObject({ recordsIn: 400, rowsOut: 400, cellsChanged: 14 });
    expect(verdict.measures.changes).toEqual([
      { column: "city", filled: 0, cleared: 0, rerendered: 0, repaired: 6 },
      { column: "amount", filled: 0, cleared: 0, rerendered: 8, repaired: 0 },
    ]);
    expect(new Set(await table.column("tried", "city"))).not.toContain("Ghoxt");
  });

  test("is judged alike each time", async () => {
    const table = await judgedTable(shops);
    const first = await table.validate([vote("city", "zip")]);
    expect(await table.validate([vote("city", "zip")])).toEqual(first);
  });
});

describe("the risk test", () => {
  test("takes out a vote by a false dependency and keeps a good one", async () => {
    const table = await judgedTable({
      phone: series(620, (i) => `555-01${10 + ((i % 31) % 30)}`),
      provider: series(620, (i) => (i === 77 ? "Provdier 15" : `Provider ${(i % 31) % 30}`)),
      city: series(620, (i) => ((i % 31) % 30 < 20 ? "Springfield" : `Town ${i % 31}`)),
    });
    const verdict = await table.validate([
      vote("provider", "phone"),
      vote("provider", "city", { minShare: 0.04 }),
    ]);
    expect(verdict.risks).toMatchObject([
      { stepId: "s1", decision: "write" },
      { stepId: "s2", decision: "suggest" },
    ]);
    expect(verdict.risks[1]?.reason).toMatch(/would change \d+ of \d+ cells that look right/);
    expect(verdict.suggestions.map(({ id }) => id)).toEqual(["s2"]);
    expect(verdict.recipe.steps.map(({ id }) => id)).toEqual(["s1"]);
    expect(new Set(await table.column("tried", "provider")).size).toBe(30);
    expect(verdict.accounting.cellsChanged).toBe(1);
  });

  test("takes out what fills empty cells wrongly", async () => {
    const table = await judgedTable({
      sku: series(400, (i) => `sku-${i % 40}`),
      colour: series(400, (i) => (i % 97 === 5 ? null : ["red", "blue", "green"][(i % 40) % 3]!)),
    });
    const verdict = await table.validate([
      { operation: "fill_forward", columns: ["colour"] },
      vote("colour", "sku", { write: "missing" }),
    ]);
    expect(verdict.risks[0]).toMatchObject({ decision: "suggest", restored: 0 });
    expect(verdict.risks[0]?.reason).toContain("came back wrong");
    expect(verdict.risks[1]).toMatchObject({ decision: "write", misrestored: 0 });
  });

  test("takes out a mapping of one frequent value to another", async () => {
    const table = await judgedTable({
      state: series(300, (i) => ["AL", "AK", "al"][i % 10 === 9 ? 2 : i % 2]!),
    });
    const verdict = await table.validate([map([["AK", "AL"]]), map([["al", "AL"]])]);
    expect(verdict.risks).toMatchObject([
      { decision: "suggest", cleanChanged: 120 },
      { decision: "write", cleanChanged: 0 },
    ]);
  });

  test("lets a whole column be written anew unless values that differ become one", async () => {
    const table = await judgedTable({
      volume: series(200, (i) => `${i % 7}.50 ${i % 3 === 0 ? "oz." : "ounce"}`),
      price: series(200, (i) => `${i % 11}.${i % 9}`),
    });
    const verdict = await table.validate([
      {
        operation: "parse_number",
        columns: ["volume"],
        args: { decimal: ".", units: ["oz.", "ounce"] },
      },
      {
        operation: "extract_pattern",
        columns: ["price"],
        args: { pattern: "^(\\d+)\\.", group: 1 },
      },
    ]);
    expect(verdict.risks).toMatchObject([{ decision: "write" }, { decision: "suggest" }]);
  });

  test("can be switched off", async () => {
    const table = await judgedTable({ state: series(300, (i) => (i % 2 === 0 ? "AL" : "AK")) });
    const steps = [{ operation: "map_values", columns: ["state"], args: { map: [["AK", "AL"]] } }];
    const verdict = await table.validate(steps, { riskTest: { enabled: false } });
    expect(verdict).toMatchObject({ risks: [], suggestions: [], passed: true });
  });
});

describe("the rule", () => {
  test("schema fails when a column goes, unless that is allowed", async () => {
    const table = await judgedTable(shops);
    const steps = [{ operation: "drop_columns", columns: ["note"] }];
    const verdict = await table.validate(steps);
    expect(verdict.passed).toBe(false);
    expect(rule(verdict, "schema")).toMatchObject({ passed: false });
    expect(rule(verdict, "schema")?.message).toContain("note gone");
    const allowed = await table.validate(steps, { preserveSchema: false });
    expect(allowed.passed).toBe(true);
    expect(rule(allowed, "idempotence")?.message).toContain("Not tried");
  });

  test("row-count fails when more rows leave than are tolerated", async () => {
    const table = await judgedTable(shops);
    const steps = [
      {
        operation: "quarantine_rows",
        where: { column: "city", equals: "City A" },
        args: { code: "ODD", reason: "odd" },
      },
    ];
    const verdict = await table.validate(steps);
    expect(rule(verdict, "row-count")).toMatchObject({ passed: false, after: 39 });
    expect(rule(verdict, "row-accounting")).toMatchObject({ passed: true });
    expect(verdict.accounting).toMatchObject({ rowsOut: 361, rowsQuarantined: 39 });
    const lenient = await table.validate(steps, { rowCountTolerance: 0.2 });
    expect(lenient.passed).toBe(true);
  });

  test("keys fails when an identifier is no longer unique", async () => {
    const table = await judgedTable(shops);
    const steps = [{ operation: "map_values", columns: ["id"], args: { map: [["1001", "1002"]] } }];
    const verdict = await table.validate(steps);
    expect(rule(verdict, "keys")).toMatchObject({ passed: false, before: 0, after: 2 });
    expect(verdict.passed).toBe(false);
  });

  test("idempotence fails for a step that goes on changing its own result", async () => {
    const table = await judgedTable(shops);
    const steps = [
      {
        operation: "replace_pattern",
        columns: ["note"],
        args: { pattern: "note 1", replacement: "note 11" },
      },
    ];
    const verdict = await table.validate(steps, { riskTest: { enabled: false } });
    expect(rule(verdict, "idempotence")).toMatchObject({ passed: false });
    expect(rule(verdict, "idempotence")?.message).toContain("s1");
    expect(verdict.recipe.steps.map(({ id }) => id)).toEqual(["s1"]);
  });

  test("idempotence is reached by repeating a step that needs two rounds", async () => {
    const table = await judgedTable({
      text: series(60, (i) => (i === 5 ? "Bolt &amp;amp; Nut" : "Bolt & Nut")),
    });
    const verdict = await table.validate([
      {
        operation: "replace_pattern",
        columns: ["text"],
        args: { pattern: "&amp;", replacement: "&" },
      },
    ]);
    expect(rule(verdict, "idempotence")).toMatchObject({ passed: true });
    expect(verdict.recipe.steps.map(({ id }) => id)).toEqual(["s1", "s1-again-1"]);
    expect(new Set(await table.column("tried", "text"))).toEqual(new Set(["Bolt & Nut"]));
  });

  test("dependencies fails when the candidate's own writes break more than they mend", async () => {
    const table = await judgedTable(shops);
    const steps = [
      {
        operation: "set_value",
        columns: ["city"],
        args: { value: "City A" },
        where: { column: "note", equals: "note 1" },
      },
    ];
    const verdict = await table.validate(steps, { riskTest: { enabled: false } });
    expect(rule(verdict, "dependencies")).toMatchObject({ passed: false });
    expect(rule(verdict, "dependencies")?.message).toContain("zip → city");
  });

  test("leakage fails when a value comes from a target column", async () => {
    const table = await judgedTable(shops);
    const steps = [vote("city", "zip")];
    const verdict = await table.validate(steps, { targetColumns: ["zip"] });
    expect(rule(verdict, "leakage")).toMatchObject({ passed: false });
    expect(rule(verdict, "leakage")?.message).toContain("s1 would write city from zip");
    expect(verdict.passed).toBe(false);
    const unchecked = await table.validate(steps, { targetColumns: ["zip"], checkLeakage: false });
    expect(unchecked.passed).toBe(true);
    await expect(table.validate(steps, { targetColumns: ["zipp"] })).rejects.toThrow(
      'Did you mean "zip"?',
    );
  });
});

describe("a user's constraint", () => {
  test("finds what breaks it, whatever its kind", async () => {
    const cases: [Constraint, number][] = [
      [{ kind: "not_null", columns: ["id"] }, 0],
      [{ kind: "not_null", columns: ["id", "note"] }, 1],
      [{ kind: "unique", columns: ["id"] }, 0],
      [{ kind: "unique", columns: ["zip"] }, 400],
      [{ kind: "type", columns: ["id"], type: "integer" }, 0],
      [{ kind: "type", columns: ["amount"], type: "integer" }, 8],
      [{ kind: "range", columns: ["id"], min: 1000, max: 1399 }, 0],
      [{ kind: "range", columns: ["id"], min: 1001, max: 1397 }, 3],
      [{ kind: "range", columns: ["zip"], min: "90010", max: "90018" }, 40],
      [{ kind: "pattern", columns: ["zip"], pattern: "\\d{5}" }, 0],
      [{ kind: "pattern", columns: ["zip"], pattern: "9001[0-8]" }, 40],
      [{ kind: "allowed_values", columns: ["note"], values: ["note 0", "note 1", "note 2"] }, 0],
      [{ kind: "allowed_values", columns: ["note"], values: ["note 0", "note 1"] }, 133],
      [{ kind: "comparison", left: "id", operator: "<", right: "zip" }, 0],
      [{ kind: "comparison", left: "id", operator: ">", right: "zip" }, 400],
      [{ kind: "dependency", determinant: ["id"], dependent: "city" }, 0],
      [{ kind: "dependency", determinant: ["zip"], dependent: "city" }, 6],
      [{ kind: "row_count", min: 400, max: 400 }, 0],
      [{ kind: "row_count", min: 403 }, 3],
      [{ kind: "sql", condition: "note IS NULL OR note <> 'none'" }, 0],
      [{ kind: "sql", condition: "TRY_CAST(amount AS INT) > 10" }, 10],
    ];
    const made = await judgedTable(shops);
    const constraints = cases.map(([constraint], i) => ({ ...constraint, name: `rule ${i}` }));
    const { rules, passed } = await made.validate([], { constraints });
    const found = cases.map(([constraint], i) => [
      constraint,
      rules.find(({ rule: name }) => name === `rule ${i}`),
    ]);
    expect(found).toMatchObject(
      cases.map(([constraint, violations]) => [
        constraint,
        { passed: violations === 0, before: violations, after: violations },
      ]),
    );
    expect(passed).toBe(false);
  });

  test("that is soft or kept in the end does not disqualify", async () => {
    const made = await judgedTable(shops);
    const parse = [
      { operation: "parse_number", columns: ["amount"], args: { decimal: ".", units: ["EUR"] } },
    ];
    const typed = { kind: "type" as const, columns: ["amount"], type: "integer" as const };
    const repaired = await made.validate(parse, { constraints: [typed] });
    expect(repaired.rules.at(-1)).toMatchObject({ passed: true, before: 8, after: 0 });
    const soft = await made.validate([], { constraints: [{ ...typed, hard: false }] });
    expect(soft).toMatchObject({ passed: true });
    expect(soft.rules.at(-1)).toMatchObject({ passed: false, hard: false });
  });

  test("does not disqualify the table as it is, and says so", async () => {
    const made = await judgedTable(shops);
    const constraints = [{ kind: "not_null" as const, columns: ["note"], name: "notes" }];
    const verdict = await made.validate([], { constraints }, "as-is");
    expect(verdict.passed).toBe(true);
    expect(verdict.rules.at(-1)).toMatchObject({ rule: "notes", passed: false, after: 1 });
    expect(verdict.rules.at(-1)?.message).toContain("not held against");
  });

  test.each([
    ["a = 1; DROP TABLE t", "semicolon"],
    ["no_such_column = 1", "no_such_column"],
    ["length(note)", "type BIGINT"],
    ["note <=> 1", "No function"],
  ])("with the condition %s is refused by name", async (condition, reason) => {
    const made = await judgedTable(shops);
    const constraints = [{ kind: "sql" as const, condition, name: "mine" }];
    await expect(made.validate([], { constraints })).rejects.toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(new RegExp(`rule "mine".*${reason}`, "s")),
      }),
    );
  });

  test("about an unknown column names the nearest one", async () => {
    const made = await judgedTable(shops);
    const constraints = [{ kind: "not_null" as const, columns: ["citty"] }];
    await expect(made.validate([], { constraints })).rejects.toThrow(
      expect.objectContaining({
        code: "COLUMN_UNKNOWN",
        message: expect.stringContaining('Did you mean "city"?'),
      }),
    );
  });

  test("can be of a kind of one's own", async () => {
    defineConstraint({
      name: "shorter_than",
      expects: ({ columns, args }) => `${columns.join()} is shorter than ${Number(args["limit"])}`,
      violations: ({ columns, args, table: from }) =>
        `SELECT count(*) AS "violations" FROM ${from} WHERE length("${columns[0]}") >= ${Number(args["limit"])}`,
    });
    const made = await judgedTable(shops);
    const custom = { kind: "custom" as const, use: "shorter_than", columns: ["city"] };
    const verdict = await made.validate([], { constraints: [{ ...custom, args: { limit: 6 } }] });
    expect(verdict.rules.at(-1)).toMatchObject({ passed: false, after: 394 });
    const misspelt = { ...custom, use: "shorter_then" };
    await expect(made.validate([], { constraints: [misspelt] })).rejects.toThrow(
      'Did you mean "shorter_than"?',
    );
  });
});

test("a recipe that does not fit the table is refused", async () => {
  const table = await judgedTable({ a: ["1", "2"] });
  await expect(table.validate([{ operation: "no_such", columns: ["a"] }])).rejects.toThrow(
    expect.objectContaining({ code: "RECIPE_INVALID" }),
  );
});
