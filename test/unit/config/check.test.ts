import { describe, expect, it } from "vitest";
import { checkFile } from "../../../src/config/check.ts";
import { SourceDocument } from "../../../src/config/document.ts";
import { printPath } from "../../../src/config/problems.ts";

/** Problems as `line:column path: text`. */
function problemsIn(text: string): string[] {
  const source = new SourceDocument(text);
  return checkFile(source.toValue(), source).problems.map(
    ({ line, column, path, text: said }) => `${line}:${column} ${printPath(path)}: ${said}`,
  );
}

const account = "accounts: [{ id: a, inputs: x.csv }]\n";

describe("checkFile", () => {
  it("finds nothing wrong in the least file", () => {
    expect(problemsIn(account)).toEqual([]);
  });

  it("finds nothing wrong in a full file", () => {
    const text = `
pipeline: { name: p, version: 1.0 }
modules: [lib/own.js]
checkpoints: { folder: state }
profiling: { topValues: 5 }
output: { folder: out, formats: [csv] }
accounts:
  - id: a
    inputs: [x.csv, { name: y, paths: [1.csv, 2.csv], delimiter: ";" }]
    output: elsewhere
    validation:
      constraints: [{ kind: range, columns: [n], min: 0 }]
`;
    expect(problemsIn(text)).toEqual([]);
  });

  it.each([
    ["profilng: {}", 'profilng: unknown setting. Did you mean "profiling"?'],
    [
      "zzz: 1",
      "zzz: unknown setting. Known here: accounts, checkpoints, engine, kindLimits, limits",
    ],
    ["ranking: { topK: 0 }", "ranking.topK: expected at least 1, got 0"],
    ["ranking: { topK: many }", 'ranking.topK: expected a number, got "many"'],
    ["ranking: { topK: 1.5 }", "ranking.topK: expected a whole number, got 1.5"],
    ["ranking:", "ranking: expected a map, got nothing"],
    ["output: { formats: [] }", "output.formats: expected at least 1 entry, got a list"],
    [
      "engine: { memoryLimit: lots }",
      'engine.memoryLimit: expected a size such as "1GB", got "lots"',
    ],
    [
      "transformation: { duplicates: lst }",
      'transformation.duplicates: expected "list" or "remove", got "lst". Did you mean "list"?',
    ],
    [
      "quality: { weights: { validity: -1 } }",
      "quality.weights.validity: expected at least 0, got -1",
    ],
    ["output: [x]", "output: expected text or a map, got a list"],
    ["output: { fodler: x }", 'output.fodler: unknown setting. Did you mean "folder"?'],
    [
      "checkpoints: { dir: x }",
      "checkpoints.dir: unknown setting. Known here: folder, keep and keepRuns.",
    ],
  ])("says of `%s`: %s", (line, said) => {
    const [problem, ...more] = problemsIn(`${account}${line}\n`);
    expect(problem).toContain(said);
    expect(more).toEqual([]);
  });

  it("tells keys of one kind of constraint from another's", () => {
    const problem = problemsIn(
      `${account}validation: { constraints: [{ kind: comparison, left: a, operater: <, right: b }] }`,
    ).find((text) => text.includes("unknown"));
    expect(problem).toContain('operater: unknown setting. Did you mean "operator"?');
  });

  it("points at lines and columns: of the key that is unknown, of the value that is wrong", () => {
    const text =
      "accounts:\n  - id: a\n    inputs: x.csv\n    engine:\n      threds: 2\n      threads: 0\n";
    expect(problemsIn(text)).toEqual([
      "6:16 accounts[0].engine.threads: expected at least 1, got 0",
      '5:7 accounts[0].engine.threds: unknown setting. Did you mean "threads"?',
    ]);
  });

  it("refuses account ids that are no folder names or stand twice", () => {
    const text =
      "accounts:\n  - { id: ../up, inputs: x }\n  - { id: a, inputs: x }\n  - { id: A, inputs: x }\n";
    expect(problemsIn(text)).toEqual([
      `2:11 accounts[0].id: an account id is a folder's name: expected a letter or digit first, got "../up"`,
      '4:11 accounts[2].id: expected an account id of its own: "A" is taken by number 2',
    ]);
  });

  it("wants either path or paths of an input, and names of their own", () => {
    const text = `accounts:
  - id: a
    inputs:
      - { sheet: S }
      - { path: x, paths: [y] }
      - { name: n, path: x }
      - { name: N, path: y }
`;
    const said = problemsIn(text);
    expect(said[0]).toContain("inputs[0]: expected either path or paths, got neither");
    expect(said[1]).toContain("inputs[1]: expected either path or paths, got both");
    expect(said[2]).toContain('inputs[3].name: expected a dataset name of its own: "N"');
    expect(said).toHaveLength(3);
  });

  it.each(["", "just text", "[1, 2]"])("refuses %j as a whole", (text) => {
    expect(problemsIn(text)[0]).toContain("expected a map");
  });
});
