/** Text as the parts of a workbook hold it. */

/** Characters (UTF-16 units) that a cell holds. */
export const MAX_CELL_CHARACTERS = 32_767;

/** What XML cannot hold; and a carriage return, which XML readers turn into a line feed. */
const UNWRITABLE = /[^\P{Cc}\t\n]|[\uFFFE\uFFFF]|\p{Surrogate}/gu;
const MARKS = /[&<>"]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/**
 * Text for a cell or title: what XML has no place for is written by its code, `_x0007_`, as
 * spreadsheet programs do and read back; text that looks so by itself is escaped in turn.
 */
export function cellText(text: string): string {
  const plain = text.includes("_x") ? text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_") : text;
  return escaped(plain).replace(UNWRITABLE, codeOf);
}

/** Text for an attribute or a property, where codes mean nothing: what cannot be written is left out. */
export function attributeText(text: string): string {
  return escaped(text).replace(UNWRITABLE, "");
}

function escaped(text: string): string {
  return text.replace(MARKS, (mark) => ENTITIES[mark] ?? mark);
}

function codeOf(character: string): string {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return `_x${code}_`;
}

/** Whether XML readers would take spaces or line ends from a text if they were not told otherwise. */
export function keepsSpace(text: string): boolean {
  return /^\s|\s$|[\n\t]|\s\s/.test(text);
}

/**
 * Whether a program would take a text for a formula once somebody typed it, or pasted it, anew:
 * half-width and full-width signs, and the control characters that lead into one.
 */
export function looksLikeFormula(text: string): boolean {
  return /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text);
}

/** The longest beginning that a cell holds, no character cut in two. */
export function cutToCell(text: string): string {
  const cut = text.slice(0, MAX_CELL_CHARACTERS);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
