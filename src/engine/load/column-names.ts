import { type Column, ROW } from "../../core/index.ts";

/**
 * Unique column names from headers as found: an empty one becomes `column_<position>`, a second
 * one of the same spelling (letter case ignored) gets `_2`, and none is the row number's name.
 */
export function nameColumns(
  labels: readonly string[],
  sourceTypes: readonly (string | null)[] = [],
): Column[] {
  const own = new Set(labels.map((label) => fold(label)));
  const taken = new Set([ROW]);
  return labels.map((label, index) => {
    const wanted = label.trim().replaceAll("\0", "") || `column_${index + 1}`;
    let name = wanted;
    // A suffix must not take the name that another header has by right.
    for (let n = 2; taken.has(fold(name)) || (name !== wanted && own.has(fold(name))); n++)
      name = `${wanted}_${n}`;
    taken.add(fold(name));
    return { name, label, sourceType: sourceTypes[index] ?? null };
  });
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}
