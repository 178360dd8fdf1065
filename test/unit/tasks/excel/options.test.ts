import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { checkFile } from "../../../../src/config/check.ts";
import { SourceDocument } from "../../../../src/config/document.ts";
import { excel } from "../../../../src/tasks/index.ts";

/** What is wrong with a task's options, as a person is told of it. */
function problemsOf(options: string): string[] {
  const lines = [
    "accounts: [{ id: a, inputs: [in.csv] }]",
    "output: out",
    "workflows:",
    "  daily:",
    "    tasks:",
    "      prepare: { kind: prepare }",
    `      report: { kind: excel, dependsOn: [prepare], ${options} }`,
  ];
  const source = new SourceDocument(lines.join("\n"));
  return checkFile(source.toValue(), source).problems.map(({ text }) => text);
}

it("the examples of the guide hold", async () => {
  const page = await readFile(new URL("../../../../docs/tasks/excel.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!);
  expect(blocks.length).toBeGreaterThan(3);
  for (const block of blocks) {
    const workflow = block.replaceAll(/^/gm, "    ");
    const head = "accounts: [{ id: a, inputs: [in.csv] }]\noutput: out\nworkflows:\n  daily:\n";
    const source = new SourceDocument(head + workflow);
    expect(checkFile(source.toValue(), source).problems).toEqual([]);
  }
});

describe("options", () => {
  it.each([
    "to: a.xlsx, files: '*.csv'",
    "to: 'out/{yyyyMMdd}.xlsx', files: ['${tasks.prepare.files}']",
    "to: 'out/${account.id}.xlsx', files: '${tasks.prepare.files}'",
    "to: a.xlsx, sheets: [{ name: '${account.id} of the whole wide world', from: a.csv }]",
    "action: write, to: a.xlsx, sheets: [{ from: a.csv, columns: [{ from: x, format: currency }] }]",
    "to: a.xlsx, template: t.xlsx, values: { day: '${run.scheduledAt}' }",
    "action: read, read: '*.xlsx', to: tables",
    "action: read, read: a.xlsx, to: 'tables/{ddMMM}', sheets: [A, B], format: parquet",
  ])("%s", (options) => {
    expect(problemsOf(options)).toEqual([]);
  });

  it.each([
    ["to: a.xlsx", ["expected sheets, or files in their place, got neither"]],
    ["to: a.xlsx, files: a, sheets: [{ from: a }]", ["expected either sheets or files, got both"]],
    ["to: a.xls, files: a", ["expected a file whose name ends in .xlsx: it ends otherwise"]],
    ["files: a", ["expected text, but it is missing"]],
    [
      "to: a.xlsx, sheets: [{ name: 'a/b', from: a }]",
      ['expected a name that a sheet may have: it holds "/"; [ ] : * ? / \\ are not allowed'],
    ],
    [
      "to: a.xlsx, sheets: [{ from: a, columns: [{ from: x, format: curency }] }]",
      [expect.stringMatching(/expected text, number, .* Did you mean "currency"\?/)],
    ],
    [
      "to: a.xlsx, files: a, frezze: true",
      [expect.stringMatching(/unknown setting\. Did you mean "freeze"/)],
    ],
    ["to: a.xlsx, files: a, values: { x: 1 }", ["it is for a template, and none is named"]],
    ["to: a.xlsx, sheets: [{ from: a, at: B5 }]", ["at: it is for a template, and none is named"]],
    ["action: read, to: a", [expect.stringMatching(/but it is missing|expected/)]],
    ["action: reed, read: a, to: b", [expect.stringMatching(/expected/)]],
  ])("%s: no", (options, problems) => {
    expect(problemsOf(options)).toEqual(problems);
  });

  it("have defaults", () => {
    expect(excel.options.parse({ to: "a.xlsx", files: "a.csv" })).toEqual({
      to: "a.xlsx",
      files: "a.csv",
      values: {},
      types: "auto",
      header: true,
      freeze: true,
      filter: true,
      split: "continue",
      maxRows: 1_048_576,
      long: "error",
      misfit: "text",
      damaged: "error",
      escapeFormulas: true,
      overwrite: true,
      memoryLimit: "1GB",
    });
  });
});
