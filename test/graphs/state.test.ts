import { expect, test } from "vitest";
import { z } from "zod";
import * as state from "../../graphs/state.ts";

/** What a checkpoint bends or loses: a bigint is not written at all, a Date comes back as text. */
const FORBIDDEN = new Set([
  "bigint",
  "date",
  "nan",
  "map",
  "set",
  "custom",
  "any",
  "undefined",
  "symbol",
  "function",
]);

/** Kinds of all schemas in a schema. */
function kindsIn(schema: z.core.$ZodType, seen = new Set<z.core.$ZodType>()): string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const inner = Object.values(schema._zod.def).flatMap((value): z.core.$ZodType[] => {
    const parts =
      typeof value === "object" && value !== null ? [value, ...Object.values(value)] : [];
    return parts.filter((part): part is z.core.$ZodType => part instanceof z.core.$ZodType);
  });
  return [schema._zod.def.type, ...inner.flatMap((part) => kindsIn(part, seen))];
}

test.each(Object.entries(state).filter(([name]) => name.endsWith("State")))(
  "%s holds plain JSON only",
  (_name, schema) => {
    const kinds = kindsIn(schema as z.core.$ZodType);
    expect(kinds.length).toBeGreaterThan(3);
    expect(kinds.filter((kind) => FORBIDDEN.has(kind))).toEqual([]);
  },
);

test("the walk finds what it looks for", () => {
  const schema = z.object({
    a: z.record(z.string(), z.object({ when: z.array(z.date().optional()) })),
  });
  expect(kindsIn(schema)).toContain("date");
});
