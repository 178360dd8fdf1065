/** Shapes of values. */

/** A longer shape says nothing that a person could read. */
const MAX_LENGTH = 60;

/**
 * Shape of a text: `9` for a run of digits, `A` and `a` for runs of capital and other letters,
 * every other character as it stands. Long shapes end in an ellipsis.
 */
export function maskOf(text: string): string {
  return (text.length <= MAX_LENGTH ? plainMask(text) : null) ?? longMask(text);
}

/** The shape of a short text in ASCII, null for another; nearly all texts of a table are such. */
function plainMask(text: string): string | null {
  let mask = "";
  let last = "";
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 128) return null;
    const shape = CLASSES[code] ?? "";
    if (shape !== "" && shape === last) continue;
    mask += shape === "" ? text.charAt(at) : shape;
    last = shape;
  }
  return mask;
}

function longMask(text: string): string {
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
  if (code < 128) return CLASSES[code] ?? "";
  if (/\p{Lu}/u.test(character)) return "A";
  if (/[\p{L}\p{M}]/u.test(character)) return "a";
  return /\p{Nd}/u.test(character) ? "9" : "";
}

/** The class of each character of ASCII, by its code. */
const CLASSES: readonly string[] = Array.from({ length: 128 }, (_, code) => {
  if (code >= 97 && code <= 122) return "a";
  if (code >= 65 && code <= 90) return "A";
  return code >= 48 && code <= 57 ? "9" : "";
});
