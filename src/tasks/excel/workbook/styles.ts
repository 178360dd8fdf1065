import { attributeText } from "./cell-text.ts";

/** How a cell looks. */
export interface CellStyle {
  /** Number format code; `General` leaves it to the program. */
  readonly format: string;
  readonly bold?: boolean;
  /** Text that stays text even when somebody edits it, as if typed behind an apostrophe. */
  readonly quoted?: boolean;
}

/** Formats that every program knows by number. */
export const builtInFormats: Readonly<Record<string, number>> = {
  General: 0,
  "0": 1,
  "0.00": 2,
  "#,##0": 3,
  "#,##0.00": 4,
  "0%": 9,
  "0.00%": 10,
  "@": 49,
};
/** First number of formats of one's own. */
const FIRST_OWN = 164;

/** The styles of a workbook: each is asked for by its looks and answered with its number. */
export class Styles {
  readonly #numbers = new Map<string, number>();
  readonly #cells: string[] = [];
  readonly #own = new Map<string, number>();

  constructor() {
    this.numberOf({ format: "General" });
  }

  numberOf({ format, bold = false, quoted = false }: CellStyle): number {
    const key = JSON.stringify([format, bold, quoted]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const id = this.#formatId(format);
    const attributes = [
      `numFmtId="${id}" fontId="${bold ? 1 : 0}" fillId="0" borderId="0" xfId="0"`,
      id === 0 ? "" : ' applyNumberFormat="1"',
      bold ? ' applyFont="1"' : "",
      quoted ? ' quotePrefix="1"' : "",
    ];
    const number = this.#cells.push(`<xf ${attributes.join("")}/>`) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** The part `xl/styles.xml`. */
  xml(): string {
    const own = [...this.#own].map(
      ([code, id]) => `<numFmt numFmtId="${id}" formatCode="${attributeText(code)}"/>`,
    );
    const formats =
      own.length > 0 ? `<numFmts count="${own.length}">${own.join("")}</numFmts>` : "";
    const font = '<sz val="11"/><name val="Calibri"/><family val="2"/>';
    return [
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
      '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
      formats,
      `<fonts count="2"><font>${font}</font><font><b/>${font}</font></fonts>`,
      '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>',
      '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
      '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
      `<cellXfs count="${this.#cells.length}">${this.#cells.join("")}</cellXfs>`,
      '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
      "</styleSheet>",
    ].join("");
  }

  #formatId(format: string): number {
    const known = builtInFormats[format] ?? this.#own.get(format);
    if (known !== undefined) return known;
    const id = FIRST_OWN + this.#own.size;
    this.#own.set(format, id);
    return id;
  }
}
