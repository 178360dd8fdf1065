import { expect, test } from "vitest";
import { checkAccount, checkRunId, checkText, runOfThread } from "../../../src/stores/names.ts";

test("a thread belongs to the run before its point", () => {
  expect(runOfThread("20260101-120000-ab12cd")).toBe("20260101-120000-ab12cd");
  expect(runOfThread("r1.12")).toBe("r1");
  expect(() => runOfThread(".1")).toThrow(/run id/);
});

test("names that could leave their folder are refused", () => {
  expect(checkAccount("Müller & Co.")).toBe("Müller & Co.");
  for (const name of ["", ".", "..", "a/b", "a\\b", "a\nb", { name: "a" }]) {
    expect(() => checkAccount(name)).toThrow(/one segment of a path/);
  }
  for (const runId of ["", "a.b", "../a", "a b", 7, "a".repeat(129)]) {
    expect(() => checkRunId(runId)).toThrow(/run id/);
  }
});

test("what is no text is named, not written", () => {
  expect(checkText("", "task")).toBe("");
  expect(() => checkText(["a"], "task")).toThrow("Expected a text as task, got object.");
});
