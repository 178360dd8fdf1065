import { expect, test } from "vitest";
import {
  builtInGenerators,
  selectedGenerators,
} from "../../../../src/stages/transformation/index.ts";

test("every generator that comes with the tool runs unless some are named", () => {
  const names = builtInGenerators.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(selectedGenerators({}).map(({ name }) => name))).toEqual(new Set(names));
  expect(selectedGenerators({ generators: ["nulls"] }).map(({ name }) => name)).toEqual(["nulls"]);
});

test("a name that no generator has is told with the one it may have meant", () => {
  expect(() => selectedGenerators({ generators: ["null"] })).toThrow(/Did you mean "nulls"/);
});
