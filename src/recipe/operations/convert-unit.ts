import { z } from "zod";
import { literal, type Sql } from "../../core/index.ts";
import { decimalSql, decimalText, shortestSql } from "../numerals.ts";
import { operation } from "../operation.ts";
import { escapePattern, SPACE } from "../pattern.ts";
import { quoted } from "../words.ts";

/** Multiplies numbers by a factor and adds an offset, in decimal arithmetic. */
export const convertUnit = operation({
  name: "convert_unit",
  title: "Convert numbers from one unit to another",
  args: z.strictObject({
    factor: z.number().refine((factor) => factor !== 0, "must not be 0"),
    offset: z.number().default(0).meta({ description: "added after multiplying" }),
    from: z.string().min(1).optional().meta({ description: "unit that the cell must end in" }),
    to: z.string().min(1).optional().meta({ description: "unit written after the number" }),
  }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["weight"], args: { factor: 0.45359237, offset: 0, from: "lb", to: "kg" } },
  sentence: ({ columns, args: { factor, offset, from, to } }) => {
    const units = from || to ? ` from ${from ?? "plain numbers"} to ${to ?? "plain numbers"}` : "";
    const plus = offset === 0 ? "" : ` plus ${offset}`;
    return `Converts ${quoted(columns)}${units} (times ${factor}${plus})`;
  },
  failure: ({ from }) => (from ? `is not a number in ${from}` : "is not a plain number"),
  cell: ({ factor, offset, from, to }) => {
    const spaces = `[${SPACE}]*`;
    const unit = literal(`^${spaces}(.*?)${spaces}${escapePattern(from ?? "")}${spaces}$`);
    return {
      fallible: true,
      stages: [
        ...(from ? [(v: Sql) => `nullif(regexp_extract(${v}, ${unit}, 1), '')`] : []),
        (v) => {
          const times = `${decimalSql(v, 20, 8)} * ${decimalText(factor)}::DECIMAL(18, 10)`;
          return `TRY(${times} + ${decimalText(offset)}::DECIMAL(38, 18))`;
        },
        (v) => `${shortestSql(v)}${to ? ` || ${literal(` ${to}`)}` : ""}`,
      ],
    };
  },
});
