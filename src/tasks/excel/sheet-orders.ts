import { fillTemplate, WranglerError } from "../../core/index.ts";
import type { TaskContext } from "../kind.ts";
import { namedFiles } from "../named-files.ts";
import { tableName, type TableOrder, withoutTwins } from "./tables/index.ts";
import { flawOfSheetName, foldedName, freeName, sheetNameFrom } from "./workbook/index.ts";
import type { SheetEntry, WriteOptions } from "./write-options.ts";

/** A sheet, as its options have it, with its files found. */
export interface SheetOrder {
  readonly name: string;
  /** With a template: where its rows go. */
  readonly at: string;
  readonly table: TableOrder;
  readonly header: boolean;
  readonly freeze: boolean;
  readonly filter: boolean;
  readonly split: "continue" | "error";
}

/** Below titles in the first row. */
const FIRST_CELL = "A2";

type Context = Pick<
  TaskContext<WriteOptions>,
  "options" | "configFolder" | "scheduledAt" | "timeZone"
>;

/**
 * The sheets that are asked for, named: names that somebody wrote stay as they are, those made from
 * files give way to them.
 *
 * @throws {WranglerError} WORKBOOK_INVALID for a name that no sheet may have, or that two have;
 * INPUT_MISSING.
 */
export async function sheetOrders(context: Context): Promise<SheetOrder[]> {
  const { options } = context;
  const entries: { readonly entry: Partial<SheetEntry>; readonly paths: string[] }[] = [];
  for (const entry of options.sheets ?? [])
    entries.push({ entry, paths: await sourceFiles(entry.from, context) });
  if (options.files !== undefined)
    for (const path of await sourceFiles(options.files, context))
      entries.push({ entry: {}, paths: [path] });
  const names = namesOf(entries, context);
  return entries.map(({ entry, paths }, i) => {
    const { types, header, freeze, filter, split, damaged } = options;
    return {
      name: names[i] ?? "",
      at: entry.at ?? FIRST_CELL,
      table: {
        paths,
        columns: entry.columns,
        keepOther: entry.keepOther ?? false,
        types: entry.types ?? types,
        damaged,
      },
      header: entry.header ?? header,
      freeze: entry.freeze ?? freeze,
      filter: entry.filter ?? filter,
      split: entry.split ?? split,
    };
  });
}

async function sourceFiles(
  names: string | readonly string[],
  { configFolder, scheduledAt, timeZone }: Context,
): Promise<string[]> {
  const time = { at: scheduledAt, timeZone };
  const wanted = { names: [names].flat(), folder: configFolder, time, emptyPatterns: false };
  return withoutTwins(await namedFiles(wanted));
}

function namesOf(
  entries: readonly { readonly entry: Partial<SheetEntry>; readonly paths: readonly string[] }[],
  { scheduledAt, timeZone }: Context,
): string[] {
  const taken = new Set<string>();
  const written = entries.map(({ entry: { name } }) => {
    if (name === undefined) return undefined;
    const filled = fillTemplate(name, { at: scheduledAt, timeZone });
    const flaw =
      flawOfSheetName(filled) ??
      (taken.has(foldedName(filled)) ? "another sheet has it" : undefined);
    if (flaw !== undefined) {
      const reason = `"${filled}" cannot be the name of a sheet: ${flaw}.`;
      throw new WranglerError("WORKBOOK_INVALID", reason, { sheet: filled });
    }
    taken.add(foldedName(filled));
    return filled;
  });
  return written.map((name, i) => {
    if (name !== undefined) return name;
    const free = freeName(sheetNameFrom(tableName(entries[i]?.paths[0] ?? "")), taken);
    taken.add(foldedName(free));
    return free;
  });
}
