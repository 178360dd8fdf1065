import { attributesOf } from "./xml-tags.ts";

/** What a part of a workbook refers to. */
export interface PartRelation {
  readonly id: string;
  /** Last word of its type: `worksheet`, `styles`, `table`. */
  readonly type: string;
  /** Name of the part. */
  readonly part: string;
}

/**
 * The relations of a part.
 *
 * @param xml - The part with the relations.
 * @param folder - Folder of the part that has them, such as `xl/worksheets`; "" for the archive.
 */
export function partRelations(xml: string, folder: string): PartRelation[] {
  return attributesOf(xml, "Relationship").map((relation) => ({
    id: relation.get("Id") ?? "",
    type: (relation.get("Type") ?? "").replace(/^.*\//s, ""),
    part: partName(relation.get("Target") ?? "", folder),
  }));
}

function partName(target: string, folder: string): string {
  if (target.startsWith("/")) return target.slice(1);
  const names = folder.split("/").filter(Boolean);
  for (const name of target.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "." && name !== "") names.push(name);
  }
  return names.join("/");
}
