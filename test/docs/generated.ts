import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const MARK = "<!-- Below this line the file is written by `npx vitest run test/docs -u`. -->\n";

/** Path of a file in docs/. */
export function docPath(name: string): string {
  return fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
}

/** A page whose first part is written by hand, up to the mark, and whose rest is generated. */
export async function pageWith(name: string, generated: string): Promise<string> {
  const [byHand, ...rest] = (await readFile(docPath(name), "utf8")).split(MARK);
  if (rest.length !== 1) throw new Error(`docs/${name} should have the mark once: ${MARK}`);
  return `${byHand}${MARK}\n${generated}`;
}

/** A Markdown table as the formatter writes it. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = cells[0]!.map((_, i) => Math.max(3, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |\n`;
  const [head, ...body] = cells;
  return [line(head!), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("");
}
