import { z } from "zod";
import type { Sql } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Changes letter case. In title case, words of mixed case (“McDonald”, “eBay”) stay. */
export const changeCase = operation({
  name: "change_case",
  title: "Change letter case",
  args: z.strictObject({ to: z.enum(["lower", "upper", "title", "sentence"]) }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["name"], args: { to: "title" } },
  sentence: ({ columns, args }) => `Writes ${quoted(columns)} in ${args.to} case`,
  cell: ({ to }) => ({ stages: [CASES[to]] }),
});

const CASES: Record<"lower" | "upper" | "title" | "sentence", (v: Sql) => Sql> = {
  lower: (v) => `lower(${v})`,
  upper: (v) => `upper(${v})`,
  title: (v) => {
    const initial = "upper(w[1])";
    const pieces = `regexp_extract_all(${v}, '[\\p{L}\\p{M}\\p{N}''’]+|[^\\p{L}\\p{M}\\p{N}''’]+')`;
    return `array_to_string(list_transform(${pieces}, lambda w:
      CASE WHEN w <> lower(w) AND w <> upper(w) THEN w
        WHEN regexp_matches(w, '^\\p{L}[''’]\\p{L}{2}') THEN ${initial} || w[2] || upper(w[3]) || lower(w[4:])
        ELSE ${initial} || lower(w[2:]) END), '')`;
  },
  sentence: (v) => {
    const before = `length(regexp_extract(${v}, '^[^\\p{L}]*'))`;
    return `left(${v}, ${before}) || upper(substr(${v}, ${before} + 1, 1)) || lower(substr(${v}, ${before} + 2))`;
  },
};
