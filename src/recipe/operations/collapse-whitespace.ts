import { z } from "zod";
import { operation } from "../operation.ts";
import { SPACE } from "../pattern.ts";
import { quoted } from "../words.ts";

/** Makes every run of white space one plain space. */
export const collapseWhitespace = operation({
  name: "collapse_whitespace",
  title: "Make every run of white space one space",
  args: z.strictObject({}),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["city"], args: {} },
  sentence: ({ columns }) => `Makes every run of white space in ${quoted(columns)} one space`,
  cell: () => ({ stages: [(v) => `regexp_replace(${v}, '[${SPACE}]+', ' ', 'g')`] }),
});
