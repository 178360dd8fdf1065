import { attributeText, builtInFormats } from "../workbook/index.ts";

/** What is to differ from a style that is there. */
export interface StyleChange {
  /** Number format code. */
  readonly format?: string;
  readonly quoted?: boolean;
}

/** First number of formats of one's own. */
const FIRST_OWN = 164;
const FORMAT = /<numFmt\s[^>]*\bnumFmtId="(\d+)"[^>]*>/g;
const STYLE = /<xf\b[^>]*?(?:\/>|>[\s\S]*?<\/xf>)/g;

/** The styles of a template, to which others are added that differ from one in its format alone. */
export class TemplateStyles {
  readonly #xml: string;
  readonly #cells: string[];
  readonly #own = new Map<string, number>();
  readonly #made = new Map<string, number>();
  #nextFormat: number;

  /** @param xml - The part with the styles. */
  constructor(xml: string) {
    this.#xml = xml;
    const [, cells = ""] = /<cellXfs\b[^>]*>([\s\S]*?)<\/cellXfs>/.exec(xml) ?? [];
    this.#cells = cells.match(STYLE) ?? [];
    const known = [...xml.matchAll(FORMAT)].map(([, id]) => Number(id));
    this.#nextFormat = Math.max(FIRST_OWN - 1, ...known) + 1;
  }

  /** Whether a style leaves it to the program how a number is shown. */
  isGeneral(style: number): boolean {
    return this.#attribute(style, "numFmtId") === "0";
  }

  /** The number of a style like another but for a change. */
  like(style: number, change: StyleChange): number {
    const base = this.#cells[style];
    if (base === undefined) return style;
    let made = base;
    if (change.format !== undefined) {
      made = withAttribute(made, "numFmtId", String(this.#formatId(change.format)));
      made = withAttribute(made, "applyNumberFormat", "1");
    }
    if (change.quoted === true) made = withAttribute(made, "quotePrefix", "1");
    if (made === base) return style;
    const known = this.#made.get(made);
    if (known !== undefined) return known;
    const number = this.#cells.push(made) - 1;
    this.#made.set(made, number);
    return number;
  }

  /** The part with all that was added. */
  xml(): string {
    const cells = `<cellXfs count="${this.#cells.length}">${this.#cells.join("")}</cellXfs>`;
    const xml = this.#xml.replace(/<cellXfs\b[^>]*>[\s\S]*?<\/cellXfs>/, () => cells);
    if (this.#own.size === 0) return xml;
    const own = [...this.#own]
      .map(([code, id]) => `<numFmt numFmtId="${id}" formatCode="${attributeText(code)}"/>`)
      .join("");
    // The list has to stand first, and its count is of no use to anybody once it is wrong.
    if (/<numFmts\b[^>]*>/.test(xml))
      return xml
        .replace(/<numFmts\b[^>]*>/, "<numFmts>")
        .replace("</numFmts>", () => `${own}</numFmts>`);
    return xml.replace(/<styleSheet\b[^>]*>/, (open) => `${open}<numFmts>${own}</numFmts>`);
  }

  #attribute(style: number, name: string): string | undefined {
    return new RegExp(`\\b${name}="([^"]*)"`).exec(this.#cells[style] ?? "")?.[1];
  }

  #formatId(code: string): number {
    const known = builtInFormats[code] ?? this.#own.get(code);
    if (known !== undefined) return known;
    const id = this.#nextFormat++;
    this.#own.set(code, id);
    return id;
  }
}

function withAttribute(tag: string, name: string, value: string): string {
  const attribute = new RegExp(`(^<xf\\b[^>]*?\\s${name}=")[^"]*"`);
  if (attribute.test(tag)) return tag.replace(attribute, `$1${value}"`);
  return tag.replace(/^<xf\b/, `<xf ${name}="${value}"`);
}
