/** Shapes of values. */

/** A longer shape says nothing that a person could read. */
const MAX_LENGTH = 60;

/**
 * Shape of a text: `9` for a run of digits, `A` and `a` for runs of capital and other letters,
 * every other character as it stands. Long shapes end in an ellipsis.
 */
export function maskOf(text: string): string {
  let mask = "";
  let last = "";
  for (const character of text) {
    const shape = classOf(character);
    if (shape !== "" && shape === last) continue;
    mask += shape === "" ? character : shape;
    last = shape;
    if (mask.length > MAX_LENGTH) return `${mask.slice(0, MAX_LENGTH)}…`;
  }
  return mask;
}

/** `9`, `A`, `a`, or "" for what stands for itself. */
function classOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 128) {
    if (code >= 97 && code <= 122) return "a";
    if (code >= 65 && code <= 90) return "A";
    return code >= 48 && code <= 57 ? "9" : "";
  }
  if (/\p{Lu}/u.test(character)) return "A";
  if (/[\p{L}\p{M}]/u.test(character)) return "a";
  return /\p{Nd}/u.test(character) ? "9" : "";
}
