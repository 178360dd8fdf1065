import { WranglerError } from "../../../core/index.ts";
import { cellText, keepsSpace, looksLikeFormula } from "../workbook/index.ts";

/** What stands for a placeholder. */
export type PlaceholderValue = string | number | boolean | null;

/** What a text with placeholders becomes: a value of its own, or another text. */
type Filling =
  | { readonly is: "value"; readonly value: Exclude<PlaceholderValue, string> }
  | { readonly is: "text"; readonly xml: string; readonly looksLikeFormula: boolean };

const PLACEHOLDER = /\{\{\s*([\p{L}\p{N}_.-]+)\s*\}\}/gu;
const WHOLE = /^\s*\{\{\s*([\p{L}\p{N}_.-]+)\s*\}\}\s*$/u;
const TEXT = /<t\b[^>]*?(?:\/>|>([\s\S]*?)<\/t>)/g;
const SHARED = /<si\b[^>]*?(?:\/>|>([\s\S]*?)<\/si>)/g;
const CELL = /<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g;

/** Fills placeholders such as `{{total}}` in the texts of a workbook. */
export class Placeholders {
  readonly #values: Readonly<Record<string, PlaceholderValue>>;
  readonly #missing = new Set<string>();
  readonly #shared = new Map<number, Filling>();

  constructor(values: Readonly<Record<string, PlaceholderValue>>) {
    this.#values = values;
  }

  /** Fill the part with the texts that cells share; to be done before any sheet. */
  fillShared(xml: string): string {
    let index = 0;
    const filled = xml.replace(SHARED, (whole: string, inner: string | undefined) => {
      const filling = this.#fillingOf(inner ?? "");
      if (filling) this.#shared.set(index, filling);
      index++;
      // The cells that have a value of their own now leave their text behind.
      return filling ? `<si>${textOf(filling) || "<t/>"}</si>` : whole;
    });
    if (index === 0 && xml.includes("{{"))
      throw new WranglerError(
        "WORKBOOK_INVALID",
        "The texts of the template are written in a way that is not known; save it anew in Excel.",
      );
    return filled;
  }

  /**
   * Fill the cells of a sheet.
   *
   * @param quoted - The number of a style like another one, whose text stays text when it is edited.
   */
  fillSheet(xml: string, quoted: (style: number) => number): string {
    if (this.#shared.size === 0 && !xml.includes("{{")) return xml;
    return xml.replace(CELL, (whole: string, attributes: string, inner: string | undefined) => {
      const type = attributeOf(attributes, "t");
      const filling =
        type === "s"
          ? this.#shared.get(Number(/<v>(\d+)<\/v>/.exec(inner ?? "")?.[1] ?? -1))
          : type === "inlineStr"
            ? this.#fillingOf(inner ?? "")
            : undefined;
      if (!filling) return whole;
      return filledCell(
        attributes,
        filling,
        type === "s" ? (inner ?? "") : `<is>${textOf(filling)}</is>`,
        quoted,
      );
    });
  }

  /** @throws {WranglerError} WORKBOOK_INVALID when there was a placeholder without a value. */
  refuseMissing(template: string): void {
    if (this.#missing.size === 0) return;
    const names = [...this.#missing].map((name) => `{{${name}}}`).join(", ");
    const reason = `${template} asks for ${names}, which \`values\` does not have.`;
    throw new WranglerError("WORKBOOK_INVALID", reason, { template });
  }

  /** `inner` is the XML in an entry of the shared texts, or in a cell with a text of its own. */
  #fillingOf(inner: string): Filling | undefined {
    if (!inner.includes("{{")) return undefined;
    const text = [...inner.matchAll(TEXT)].map(([, one = ""]) => one).join("");
    const [, name] = WHOLE.exec(text) ?? [];
    const value = name === undefined ? undefined : this.#valueOf(name);
    if (value !== undefined && typeof value !== "string") return { is: "value", value };
    let plain = "";
    const xml = inner
      .replace(/^\s*<is>|<\/is>\s*$/g, "")
      .replace(TEXT, (whole: string, one: string | undefined) => {
        const filled = (one ?? "").replace(PLACEHOLDER, (mark, key: string) => {
          const known = this.#valueOf(key);
          return known === undefined ? mark : cellText(String(known ?? ""));
        });
        plain += filled;
        if (filled === one) return whole;
        return `<t${keepsSpace(filled) ? ' xml:space="preserve"' : ""}>${filled}</t>`;
      });
    return { is: "text", xml, looksLikeFormula: looksLikeFormula(plain) };
  }

  #valueOf(name: string): PlaceholderValue | undefined {
    if (Object.hasOwn(this.#values, name)) return this.#values[name];
    this.#missing.add(name);
    return undefined;
  }
}

function textOf(filling: Filling): string {
  return filling.is === "text" ? filling.xml : "";
}

function filledCell(
  attributes: string,
  filling: Filling,
  inner: string,
  quoted: (style: number) => number,
): string {
  if (filling.is === "text") {
    const style = Number(attributeOf(attributes, "s") || 0);
    const marked = filling.looksLikeFormula ? quoted(style) : style;
    return `<c${withoutAttribute(attributes, "s")} s="${marked}">${inner}</c>`;
  }
  const { value } = filling;
  const plain = withoutAttribute(attributes, "t");
  if (value === null) return `<c${plain}/>`;
  if (typeof value === "boolean") return `<c${plain} t="b"><v>${value ? 1 : 0}</v></c>`;
  return `<c${plain}><v>${value}</v></c>`;
}

function attributeOf(attributes: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
}

function withoutAttribute(attributes: string, name: string): string {
  return attributes.replace(new RegExp(`\\s${name}="[^"]*"`), "").trimEnd();
}
