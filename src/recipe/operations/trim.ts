import { z } from "zod";
import { operation } from "../operation.ts";
import { SPACE } from "../pattern.ts";
import { quoted } from "../words.ts";

/** Byte order marks and zero-width spaces are as invisible as spaces. */
const EDGE = String.raw`[${SPACE}\x{FEFF}\x{200B}]+`;

/** Removes white space, of Unicode too, at both ends. */
export const trim = operation({
  name: "trim",
  title: "Remove white space at both ends",
  args: z.strictObject({}),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["city"], args: {} },
  sentence: ({ columns }) => `Removes white space at both ends of ${quoted(columns)}`,
  cell: () => ({ stages: [(v) => `regexp_replace(${v}, '^${EDGE}|${EDGE}$', '', 'g')`] }),
});
