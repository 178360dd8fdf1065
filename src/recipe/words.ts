/** Words that the operations' sentences share. */

/** Names in quotation marks, at most five of them: “a”, “b” and “c”. */
export function quoted(names: readonly (string | null)[]): string {
  const shown = names.slice(0, 5).map((name) => (name === null ? "empty" : `“${name}”`));
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  const last = shown.pop() ?? "nothing";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}

/** A count with its noun: 1 value, 2 values. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
