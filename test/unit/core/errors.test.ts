import { expect, test } from "vitest";
import {
  ERRORS,
  exitOf,
  failureOf,
  isWranglerError,
  WranglerError,
} from "../../../src/core/index.ts";
import { ASKING_ERRORS } from "../../../src/core/error-table/asking.ts";
import { DATA_ERRORS } from "../../../src/core/error-table/data.ts";
import { KIND_ERRORS } from "../../../src/core/error-table/kinds.ts";
import { RUN_ERRORS } from "../../../src/core/error-table/runs.ts";
import { SERVICE_ERRORS } from "../../../src/core/error-table/service.ts";
import { TASK_ERRORS } from "../../../src/core/error-table/tasks.ts";

test("a message is the table's meaning, then what was expected and what came", () => {
  const error = new WranglerError("INPUT_MISSING", "orders.csv", { path: "orders.csv" });
  expect(error.message).toBe(`${ERRORS.INPUT_MISSING.meaning} orders.csv`);
  expect(error.details).toEqual({ path: "orders.csv" });
});

test("each code is in one of the tables only", () => {
  const tables = [ASKING_ERRORS, DATA_ERRORS, TASK_ERRORS, KIND_ERRORS, RUN_ERRORS, SERVICE_ERRORS];
  const codes = tables.flatMap((table) => Object.keys(table));
  expect(codes.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
});

test("every exit status is one that is documented", () => {
  const documented = new Set([1, 2, 65, 66, 70, 75, 78, 130]);
  for (const { exit } of Object.values(ERRORS)) expect(documented).toContain(exit);
});

test("an error of another copy of the module is known by its name and code", () => {
  const foreign = Object.assign(new Error("x"), { name: "WranglerError", code: "INPUT_EMPTY" });
  expect(isWranglerError(foreign)).toBe(true);
  expect(isWranglerError(Object.assign(foreign, { code: "ENOENT" }))).toBe(false);
  expect(isWranglerError("INPUT_EMPTY")).toBe(false);
});

test("a failure is plain JSON and keeps the chain of causes", () => {
  const cause = new TypeError("deep down");
  const failure = failureOf(
    new WranglerError("INPUT_EMPTY", "a.csv", {}, { cause }),
    "acme/orders",
  );
  expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
  expect(failure).toMatchObject({
    code: "INPUT_EMPTY",
    at: "acme/orders",
    remedy: ERRORS.INPUT_EMPTY.remedy,
  });
  expect(failure.stack).toContain("caused by: TypeError: deep down");
});

test("what has no code is internal", () => {
  expect(failureOf("a text", "x")).toMatchObject({ code: "INTERNAL", message: "a text" });
  expect(exitOf(new Error("x"))).toBe(70);
  expect(exitOf(new WranglerError("RUN_BUSY"))).toBe(75);
});
