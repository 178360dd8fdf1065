import { z } from "zod";
import { operation } from "../operation.ts";
import { counted, quoted } from "../words.ts";

/** Gives the spellings of one thing one spelling. */
export const canonicaliseCluster = operation({
  name: "canonicalise_cluster",
  title: "Give the spellings of one thing one spelling",
  args: z.strictObject({
    clusters: z
      .array(z.strictObject({ to: z.string().min(1), from: z.array(z.string().min(1)).min(1) }))
      .min(1),
  }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: {
    columns: ["supplier"],
    args: { clusters: [{ to: "Blue Harbor", from: ["blue harbor", "Blue  Harbor"] }] },
  },
  sentence: ({ columns, args }) => {
    const spellings = args.clusters.reduce((sum, { from }) => sum + from.length, 0);
    return `Writes ${counted(spellings, "spelling")} in ${quoted(columns)} as ${quoted(args.clusters.map(({ to }) => to))}`;
  },
  check: ({ args }) => {
    const from = args.clusters.flatMap((cluster) => cluster.from);
    const twice = new Set(from).size < from.length;
    const chained = args.clusters.some(({ to }) => from.includes(to));
    return [
      ...(twice ? ["args.clusters: one spelling stands twice"] : []),
      ...(chained ? ["args.clusters: one cluster's spelling is rewritten by another"] : []),
    ];
  },
  cell: ({ clusters }, plan) => ({
    dictionary: plan.lookup(
      ["old", "new"],
      clusters.flatMap(({ to, from }) => from.map((old) => [old, to])),
    ),
  }),
});
