import { expect, test } from "vitest";
import { logLine } from "../../../src/cli/progress/log-line.ts";
import { styleOf } from "../../../src/cli/style.ts";

const plain = styleOf(false);
const time = Date.UTC(2026, 0, 2, 12, 0, 0);

test("a line has its time, level, place, message and facts", () => {
  const line = {
    level: 20,
    time,
    run: "r",
    account: "acme",
    dataset: "orders",
    candidate: "c",
    passed: true,
    msg: "validated",
  };
  expect(logLine(JSON.stringify(line), plain)).toMatch(
    /^\d\d:\d\d:\d\d debug acme\/orders validated candidate=c passed=true$/,
  );
});

test("a task is named, unless it is the only one of a configuration without workflows", () => {
  const line = { level: 30, time, run: "r", account: "acme", task: "upload", msg: "x" };
  expect(logLine(JSON.stringify(line), plain)).toMatch(/ info {2}acme\/upload x$/);
  expect(logLine(JSON.stringify({ ...line, task: "prepare" }), plain)).toMatch(/ acme x$/);
});

test("a failure shows its message, control characters made visible", () => {
  const line = {
    level: 50,
    time,
    run: "r",
    account: "acme",
    stage: "loading",
    failure: { message: "bad\u0007 bytes" },
    msg: "stage failed",
  };
  const text = logLine(JSON.stringify(line), plain);
  expect(text).toContain("error acme loading stage failed bad");
  expect(text).not.toContain("\u0007");
});

test("errors are red on a terminal with colour", () => {
  expect(logLine(JSON.stringify({ level: 50, time, msg: "x" }), styleOf(true))).toContain(
    "\u001B[31m",
  );
});

test("what is no JSON is shown as it is", () => {
  expect(logLine("half a li", plain)).toBe("half a li");
});
