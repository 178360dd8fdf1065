/** Markup that cannot be injected into: whatever is put into a template is escaped unless it is markup itself. */

/** A piece of finished markup. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: text and numbers are escaped, markup is not, nothing is left out. */
export type Content = Html | string | number | null | undefined | false | readonly Content[];

/** Template tag that makes markup of a literal and escapes everything put into it. */
export function html(literals: TemplateStringsArray, ...contents: Content[]): Html {
  const [first = "", ...rest] = unindented(literals);
  let text = first;
  for (const [i, content] of contents.entries()) text += markupOf(content) + (rest[i] ?? "");
  return new Html(text);
}

const templates = new WeakMap<TemplateStringsArray, string[]>();

/** A template's own text without the indentation that only its source needs. */
function unindented(literals: TemplateStringsArray): string[] {
  let parts = templates.get(literals);
  if (parts === undefined) {
    parts = literals.map((part) => part.replaceAll(/\s*\n\s*/g, "\n"));
    templates.set(literals, parts);
  }
  return parts;
}

/** No markup at all. */
export const NOTHING = new Html("");

function markupOf(content: Content): string {
  if (content === null || content === undefined || content === false) return "";
  if (content instanceof Html) return content.text;
  if (typeof content === "string") return escape(content);
  if (typeof content === "number") return String(content);
  return content.map((part) => markupOf(part)).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Control characters and halves of surrogate pairs, which no HTML document may hold, and characters
 * that turn the direction of the text around them.
 */
const FORBIDDEN = /(?![\t\n\r])\p{Cc}|[\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]|\p{Cs}/gu;

/** Text as it may stand between tags and in quoted attributes. */
export function escape(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replaceAll(FORBIDDEN, "\uFFFD");
}

/** Bytes of a piece of markup in UTF-8. */
export function sizeOf(markup: Html): number {
  return Buffer.byteLength(markup.text);
}
