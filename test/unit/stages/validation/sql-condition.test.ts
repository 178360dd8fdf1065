import { expect, test } from "vitest";
import { conditionFault } from "../../../../src/stages/validation/sql-condition.ts";

test.each([
  [`"a" > 'x; -- y'`],
  [`TRY_CAST(a AS INT) BETWEEN 1 AND 5 OR (b IS NULL)`],
  [`a <> 'it''s (here'`],
])("%s is one expression", (condition) => {
  expect(conditionFault(condition)).toBeUndefined();
});

test.each([
  ["", "empty"],
  ["a = 1; DROP TABLE t", "semicolon"],
  ["a = 1) OR (1 = 1", "has no ("],
  ["(a = 1", "( is not closed"],
  ["a = 'x", "' is not closed"],
  ["a = 1 -- the rest", "comment"],
  ["a /* b */ = 1", "comment"],
  ["a = $$x$$", "$$"],
])("%s is refused: %s", (condition, fault) => {
  expect(conditionFault(condition)).toContain(fault);
});
