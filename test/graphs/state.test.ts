import { expect, test } from "vitest";
import { z } from "zod";
import * as state from "../../graphs/state.ts";

const schemas = Object.entries(state).filter(([name]) => name.endsWith("State"));

/** Throws for what a checkpoint bends or loses: a bigint is not written at all, a Date comes back as text. */
const asJson = (schema: z.core.$ZodType) => z.toJSONSchema(schema);

test.each(schemas)("%s holds plain JSON only", (_name, schema) => {
  expect(Object.keys(asJson(schema).properties ?? {}).length).toBeGreaterThan(2);
});

test.each([z.date(), z.bigint(), z.map(z.string(), z.string()), z.custom(), z.undefined()])(
  "what is not JSON is found",
  (kind) => {
    expect(() => asJson(z.object({ a: z.record(z.string(), z.array(kind)) }))).toThrow(
      /cannot be represented/,
    );
  },
);
