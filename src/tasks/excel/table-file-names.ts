import { basename } from "node:path";

/** A file system takes 255 bytes, and a character has up to four. */
const MAX_CHARACTERS = 60;

/**
 * Names for the tables of sheets, in order: `<workbook>.<sheet>.csv`. What a sheet is called comes
 * from outside: signs that lead elsewhere or that a file system refuses become `_`, and no two names
 * differ in letter case alone.
 */
export function tableFileNames(
  sheets: readonly { readonly path: string; readonly sheet: string }[],
  extension: string,
): string[] {
  const taken = new Set<string>();
  return sheets.map(({ path, sheet }) => {
    const workbook = basename(path).replace(/\.xlsx$/i, "");
    const stem = `${plain(workbook)}.${plain(sheet)}`;
    let name = `${stem}${extension}`;
    for (let number = 2; taken.has(name.toLowerCase()); number++)
      name = `${stem} (${number})${extension}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

function plain(text: string): string {
  const cut = Array.from(text.replaceAll(/[/\\:*?"<>|]|\p{Cc}|\p{Cf}|\p{Surrogate}/gu, "_"))
    .slice(0, MAX_CHARACTERS)
    .join("");
  // Dots and blanks at an end hide a file or vanish.
  return cut.replaceAll(/^[. ]+|[. ]+$/g, "_") || "_";
}
