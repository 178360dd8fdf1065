import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../../src/core/index.ts";
import {
  parseReference,
  type Reference,
  referencesIn,
  resolveReferences,
} from "../../../../src/orchestration/index.ts";

const VALUES: Record<string, Json> = {
  "tasks.a.files": ["x.csv", "y.csv"],
  "tasks.a.empty": [],
  "tasks.a.nested": [["x"], "${run.id}"],
  "tasks.a.count": 3,
  "tasks.a.none": null,
  "tasks.a.datasets": { orders: { rows: 7 }, "Größe m²": 1 },
  "tasks.a.text": "holds ${tasks.a.count}",
  "run.id": "r1",
  "account.id": "acme",
  "vars.on": true,
};

function lookup(reference: Reference): Json | undefined {
  const task = reference.of === "tasks" ? `${reference.task}.` : "";
  return VALUES[`${reference.of}.${task}${reference.name}`];
}

function resolved(value: Json): Json {
  return resolveReferences(value, lookup);
}

describe("parseReference", () => {
  test.each<[string, Reference]>([
    ["${tasks.morning.files}", { of: "tasks", task: "morning", name: "files", path: [] }],
    ["tasks.a.files[0]", { of: "tasks", task: "a", name: "files", path: [0] }],
    [
      "${tasks.a.datasets.orders.rows}",
      { of: "tasks", task: "a", name: "datasets", path: ["orders", "rows"] },
    ],
    ["${tasks.a-b_1.x[1][2].y}", { of: "tasks", task: "a-b_1", name: "x", path: [1, 2, "y"] }],
    [
      '${tasks["a.b"].m["two words"]}',
      { of: "tasks", task: "a.b", name: "m", path: ["two words"] },
    ],
    ["${tasks['a'].größe}", { of: "tasks", task: "a", name: "größe", path: [] }],
    ["${run.id}", { of: "run", name: "id" }],
    ["${run.scheduledAt}", { of: "run", name: "scheduledAt" }],
    ["${account.id}", { of: "account", name: "id" }],
    ["${vars.region}", { of: "vars", name: "region", path: [] }],
    ["${vars.region.code}", { of: "vars", name: "region", path: ["code"] }],
    ["${secrets.portal}", { of: "secrets", name: "portal" }],
    ['${secrets["a.b"]}', { of: "secrets", name: "a.b" }],
  ])("reads %s", (text, reference) => {
    expect(parseReference(text)).toEqual(reference);
  });

  test.each([
    ["${tasks.a}", "expected ${tasks.ID.NAME}"],
    ["${tasks}", "expected ${tasks.ID.NAME}"],
    ["${tasks.a.}", "expected ${tasks.ID.NAME}"],
    ["${tasks.a.b[x]}", "expected ${tasks.ID.NAME}"],
    ["${tasks[0].b}", "expected ${tasks.ID.NAME}"],
    ["${tasks.a.b c}", "expected ${tasks.ID.NAME}"],
    ["${run.name}", "expected ${run.id} or ${run.scheduledAt}"],
    ["${run.id.x}", "expected ${run.id} or ${run.scheduledAt}"],
    ["${account.name}", "expected ${account.id}"],
    ["${vars}", "expected ${vars.NAME}"],
    ["${secrets}", "expected ${secrets.NAME}"],
    ["${secrets.portal.user}", "expected ${secrets.NAME}"],
    [
      "${task.a.b}",
      "expected ${tasks.…}, ${run.…}, ${account.…}, ${vars.…}, ${secrets.…} or ${NAME}; a literal ${ is written $${",
    ],
    ["${tasks.a.b", "it is not closed by }; a literal ${ is written $${"],
  ])("says of %s what was expected", (text, reason) => {
    expect(parseReference(text)).toEqual({ of: "malformed", text, reason });
  });
});

describe("referencesIn", () => {
  test("finds all, with where they stand and whether they are all of their text", () => {
    const value = {
      attach: ["${tasks.a.files}", "no"],
      subject: "Run ${run.id} of ${account.id}",
      deep: { wrong: "see ${tasks.a}" },
      env: "${HOME}/$${tasks.a.b}",
      number: 3,
    };
    expect(referencesIn(value)).toEqual([
      {
        path: ["attach", 0],
        whole: true,
        reference: { of: "tasks", task: "a", name: "files", path: [] },
      },
      { path: ["subject"], whole: false, reference: { of: "run", name: "id" } },
      { path: ["subject"], whole: false, reference: { of: "account", name: "id" } },
      {
        path: ["deep", "wrong"],
        whole: false,
        reference: { of: "malformed", text: "${tasks.a}", reason: "expected ${tasks.ID.NAME}" },
      },
    ]);
  });

  test("a name alone that is none of ours is an environment variable", () => {
    expect(referencesIn("${TASKS} ${home}")).toEqual([]);
    expect(referencesIn("${vars}")).toMatchObject([{ reference: { of: "malformed" } }]);
  });
});

describe("resolveReferences", () => {
  test.each<[string, Json]>([
    ["${tasks.a.files}", ["x.csv", "y.csv"]],
    ["${tasks.a.files[1]}", "y.csv"],
    ["${tasks.a.datasets.orders.rows}", 7],
    ['${tasks.a.datasets["Größe m²"]}', 1],
    ["${tasks.a.none}", null],
    ["${vars.on}", true],
    [" ${vars.on}", " true"],
    ["${run.id}${account.id}", "r1acme"],
    ["n=${tasks.a.count} [${tasks.a.none}]", "n=3 []"],
    ["files ${tasks.a.files}", 'files ["x.csv","y.csv"]'],
    ["${tasks.a.datasets}!", '{"orders":{"rows":7},"Größe m²":1}!'],
    ["${tasks.a.text}", "holds ${tasks.a.count}"],
    [">${tasks.a.text}", ">holds ${tasks.a.count}"],
    ["$${tasks.a.count}", "${tasks.a.count}"],
    ["$$${tasks.a.count}", "$${tasks.a.count}"],
    ["$${", "${"],
    ["${HOME}/x", "${HOME}/x"],
    ["costs $5 {}", "costs $5 {}"],
  ])("%s becomes %j", (text, value) => {
    expect(resolved(text)).toEqual(value);
  });

  test("walks lists and maps, keeps what is no text, and leaves keys alone", () => {
    const value = { list: [1, null, "${run.id}"], "${run.id}": { on: false } };
    expect(resolved(value)).toEqual({ list: [1, null, "r1"], "${run.id}": { on: false } });
  });

  test.each<[string, Json, Json]>([
    [
      "its elements, in their place",
      ["wc", "${tasks.a.files}", "-l"],
      ["wc", "x.csv", "y.csv", "-l"],
    ],
    ["nothing when it is empty", ["wc", "${tasks.a.empty}"], ["wc"]],
    ["one item of a value that is no list", ["${tasks.a.count}", "${tasks.a.none}"], [3, null]],
    ["elements that stay as they are", ["${tasks.a.nested}"], [["x"], "${run.id}"]],
    ["text within a longer text", ["in ${tasks.a.files}"], ['in ["x.csv","y.csv"]']],
    [
      "the list itself outside of a list",
      { files: "${tasks.a.files}" },
      { files: ["x.csv", "y.csv"] },
    ],
    ["one list within a list that is written", [["${tasks.a.files}"]], [["x.csv", "y.csv"]]],
  ])("a reference to a list is, as an item of one, %s", (_is, value, result) => {
    expect(resolved(value)).toEqual(result);
  });

  test.each([
    "${tasks.a.missing}",
    "x ${tasks.a.files[2]}",
    "${tasks.a.files.length}",
    "${tasks.a.count.x}",
    "${tasks.a.none.x}",
    "${tasks.a.datasets.toString}",
    "${tasks.a.datasets[0]}",
  ])("%s has no value, and that is an error", (text) => {
    expect(() => resolved(text)).toThrow(expect.objectContaining({ code: "REFERENCE_EMPTY" }));
  });

  test("a malformed reference is an error", () => {
    expect(() => resolved("${tasks.a}")).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  });

  test("any text comes through once its ${ are escaped", () => {
    const pieces = fc.array(fc.constantFrom("$", "{", "}", "${", "$${", "tasks.a.count", " ", "é"));
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join("");
        expect(resolved(text.replaceAll("${", () => "$${"))).toBe(text);
      }),
    );
  });

  test("a value without references stays as it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value).replaceAll("$", "")) as Json;
        expect(referencesIn(plain)).toEqual([]);
        expect(resolved(plain)).toEqual(plain);
      }),
    );
  });
});
