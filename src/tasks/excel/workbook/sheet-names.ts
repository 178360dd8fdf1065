/** Names of sheets: what spreadsheet programs take, and names made from others. */

/** Characters (UTF-16 units) of a name. */
const MAX_NAME_CHARACTERS = 31;

const FORBIDDEN = /[[\]:*?/\\\uFFFE\uFFFF]|\p{Cc}|\p{Surrogate}/u;

/** What is wrong with a name; undefined when nothing is. */
export function flawOfSheetName(name: string): string | undefined {
  if (name.trim() === "") return "it is empty";
  if (name.length > MAX_NAME_CHARACTERS)
    return `it has ${name.length} characters, more than ${MAX_NAME_CHARACTERS}`;
  const [sign] = FORBIDDEN.exec(name) ?? [];
  if (sign !== undefined) return `it holds ${JSON.stringify(sign)}; [ ] : * ? / \\ are not allowed`;
  if (name.startsWith("'") || name.endsWith("'")) return "it begins or ends with an apostrophe";
  return isReserved(name) ? 'Excel keeps "History" for itself' : undefined;
}

/** A sound name from any text: forbidden signs become `_`, what is too long is cut. */
export function sheetNameFrom(text: string): string {
  const plain = text.replaceAll(new RegExp(FORBIDDEN, "gu"), "_").trim();
  const cut = shortened(plain, MAX_NAME_CHARACTERS).replaceAll(/^'|'$/g, "_");
  if (cut === "") return "Sheet";
  return isReserved(cut) ? `${cut}_` : cut;
}

/** The name, or one with a number behind it where another sheet has it: `Sales (2)`. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  return taken.has(foldedName(name)) ? numberedName(name, 2, taken) : name;
}

/** The name with the first number behind it, from `first` on, that no other sheet has. */
export function numberedName(name: string, first: number, taken: ReadonlySet<string>): string {
  for (let number = first; ; number++) {
    const end = ` (${number})`;
    const numbered = shortened(name, MAX_NAME_CHARACTERS - end.length) + end;
    if (!taken.has(foldedName(numbered))) return numbered;
  }
}

/** By this programs tell sheets apart: letter case does not count. */
export function foldedName(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

function shortened(text: string, characters: number): string {
  const cut = text.slice(0, characters);
  return (/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut).trimEnd();
}

function isReserved(name: string): boolean {
  return name.toLowerCase() === "history";
}
