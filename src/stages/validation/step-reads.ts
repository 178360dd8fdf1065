/** Which columns decide what a step writes. */
import { z } from "zod";
import { findOperation, type Predicate, type Step } from "../../recipe/index.ts";

/** Columns other than the written cell's own that decide what a step writes, and where. */
export function readsOf(step: Step): string[] {
  const operation = findOperation(step.operation);
  const own = step.columns.length === 1 ? step.columns[0] : undefined;
  // A table operation over several columns, such as a moved token, may write any from any.
  const together = operation.scope === "table" && groupsOf(step).length === 0 ? step.columns : [];
  const reads = operation.reads?.(operation.args.parse(step.args)) ?? [];
  const where = step.where ? columnsOf(step.where) : [];
  return [...new Set([...together, ...reads, ...where])].filter((name) => name !== own);
}

/** Groups of columns by which a step looks at other rows. */
export function groupsOf({ operation, args }: Step): string[][] {
  if (operation === "repair_by_dependency") {
    const determinants = z.array(z.object({ columns: z.array(z.string()) }));
    return determinants.parse(args["determinants"]).map(({ columns }) => columns);
  }
  return operation === "fill_group" ? [z.array(z.string()).parse(args["by"])] : [];
}

function columnsOf(predicate: Predicate): string[] {
  if ("all" in predicate) return predicate.all.flatMap((part) => columnsOf(part));
  if ("any" in predicate) return predicate.any.flatMap((part) => columnsOf(part));
  return "not" in predicate ? columnsOf(predicate.not) : [predicate.column];
}
