import { expect, test } from "vitest";
import {
  letterCase,
  snakeCase,
  snakeCaseNames,
} from "../../../../../src/stages/transformation/generators/restyle.ts";

test.each([
  ["Due Date", "due_date"],
  ["customerID", "customer_id"],
  ["HTTPStatus", "http_status"],
  ["  Größe (cm) ", "große_cm"],
  ["a__b", "a_b"],
])("%j is %j in snake_case", (name, snake) => {
  expect(snakeCase(name)).toBe(snake);
});

test("names that would meet are numbered", () => {
  expect(snakeCaseNames(["A b", "a_b", "%"])).toEqual({
    "A b": "a_b",
    a_b: "a_b_2",
    "%": "column",
  });
});

test("letter case is known", () => {
  expect(["red", "RED", "Red Wine", "iPhone", "12"].map(letterCase)).toEqual([
    "lower",
    "upper",
    "title",
    undefined,
    undefined,
  ]);
});
