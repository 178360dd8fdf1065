import { z } from "zod";
import { literal } from "../../core/index.ts";
import { operation } from "../operation.ts";
import { counted, quoted } from "../words.ts";

/** Writes categories as numbers. */
export const encodeCategory = operation({
  name: "encode_category",
  title: "Write categories as numbers",
  args: z.strictObject({
    categories: z
      .array(z.string().min(1))
      .min(1)
      .meta({ description: "in the order of their numbers" }),
    to: z
      .enum(["code", "ordinal"])
      .meta({ description: "code counts from 0, ordinal from 1; a number among them stays" }),
  }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["size"], args: { categories: ["small", "medium", "large"], to: "ordinal" } },
  sentence: ({ columns, args }) =>
    `Writes the ${counted(args.categories.length, "category").replace("categorys", "categories")} of ${quoted(columns)} as numbers from ${args.to === "code" ? 0 : 1}`,
  failure: () => "is none of the categories",
  check: ({ args }) =>
    new Set(args.categories).size < args.categories.length
      ? ["args.categories: one stands twice"]
      : [],
  cell: ({ categories, to }) => {
    const first = to === "code" ? 0 : 1;
    const list = `[${categories.map((category) => literal(category)).join(", ")}]`;
    const codes = categories.map((_, i) => literal(String(i + first))).join(", ");
    return {
      fallible: true,
      stages: [
        (v) => `coalesce((nullif(list_position(${list}, ${v}), 0) + ${first - 1})::VARCHAR,
          CASE WHEN ${v} IN (${codes}) THEN ${v} END)`,
      ],
    };
  },
});
