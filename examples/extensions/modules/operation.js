/** An operation of one's own: `compact_code` takes spaces and hyphens out of codes. */
import { defineOperation } from "data-wrangler";
import { z } from "zod";

defineOperation({
  name: "compact_code",
  title: "Take spaces and hyphens out of codes",
  args: z.strictObject({}),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["ean"], args: {} },
  sentence: ({ columns }) => `Takes spaces and hyphens out of ${columns.join(", ")}`,
  cell: () => ({ stages: [(value) => `regexp_replace(${value}, '[ -]', '', 'g')`] }),
});
