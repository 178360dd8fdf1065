/** Text from data as a person can see it: invisible characters get a mark, long texts are cut. */
import { type Html, html, NOTHING } from "./html.ts";
import { count } from "./numbers.ts";

/** Characters that look like nothing, or like something else, with the mark that stands for them. */
const MARKS: Readonly<Record<string, string>> = {
  "\t": "⇥",
  "\n": "⏎",
  "\r": "␍",
  "\u0085": "NEL",
  "\u00A0": "NBSP",
  "\u00AD": "SHY",
  "\u1680": "OGSP",
  "\u200B": "ZWSP",
  "\u200C": "ZWNJ",
  "\u200D": "ZWJ",
  "\u200E": "LRM",
  "\u200F": "RLM",
  "\u2028": "LSEP",
  "\u2029": "PSEP",
  "\u202F": "NNBSP",
  "\u2060": "WJ",
  "\u3000": "IDSP",
  "\uFEFF": "BOM",
  "\uFFFD": "\uFFFD",
};

/** White space, control, format, private and unpaired characters, the plain space apart. */
const INVISIBLE = /[\p{Z}\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\uFFFD]/u;

function needsMark(character: string): boolean {
  return character !== " " && INVISIBLE.test(character);
}

function mark(character: string): Html {
  const code = character.codePointAt(0) ?? 0;
  const point = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const sign = MARKS[character] ?? (code < 32 ? String.fromCodePoint(0x2400 + code) : point);
  return html`<span class="inv" title="${point}">${sign}</span>`;
}

/**
 * Characters with invisible ones marked. With `spaces`, the plain space gets its mark too, as it
 * must where the space is what matters.
 */
export function marked(characters: readonly string[], spaces = false): Html {
  const parts: Html[] = [];
  let plain = "";
  for (const character of characters) {
    if (spaces && character === " ") parts.push(html`${plain}<span class="inv">␣</span>`);
    else if (needsMark(character)) parts.push(html`${plain}${mark(character)}`);
    else {
      plain += character;
      continue;
    }
    plain = "";
  }
  return html`${parts}${plain}`;
}

/** The first `limit` characters of a text, without taking a long text apart. */
export function firstCharacters(text: string, limit: number): string[] {
  return Array.from(text.slice(0, limit * 2)).slice(0, limit);
}

/** Number of characters, surrogate pairs counted once. */
export function lengthOf(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}

/** Says how long a text is that is shown in part; nothing when all of it is shown. */
export function lengthNote(shown: number, length: number): Html {
  return length > shown ? html`<span class="cut">… ${count(length)} characters</span>` : NOTHING;
}

/** How much of a text is shown, and how long it was before someone else cut it. */
export interface Showing {
  /** Characters shown at most. */
  readonly limit?: number;
  /** Characters of the whole text where `text` is only its beginning. */
  readonly length?: number | undefined;
}

/** A cell's value: edge spaces and invisible characters marked, an empty cell said in words. */
export function cell(text: string | null, { limit = 80, length }: Showing = {}): Html {
  if (text === null) return html`<span class="none">empty</span>`;
  const characters = firstCharacters(text, limit);
  const whole = length ?? lengthOf(text);
  const cut = whole > characters.length;
  const start = characters.findIndex((character) => character !== " ");
  const head = start === -1 ? characters.length : start;
  const last = characters.findLastIndex((character) => character !== " ") + 1;
  const tail = cut ? characters.length : Math.max(last, head);
  return html`<bdi class="v"
      >${marked(characters.slice(0, head), true)}${marked(characters.slice(head, tail))}${marked(characters.slice(tail), true)}</bdi
    >${lengthNote(characters.length, whole)}`;
}

/** A name out of the data (column, file): as a cell, in code style. */
export function name(text: string, limit = 60): Html {
  const characters = firstCharacters(text, limit);
  return html`<code><bdi>${marked(characters)}</bdi></code
    >${lengthNote(characters.length, lengthOf(text))}`;
}

/** A sentence that may quote data: line breaks become spaces, other invisible characters are marked. */
export function prose(text: string, limit = 600): Html {
  const characters = firstCharacters(text, limit);
  const shown = characters.map((character) => (/[\n\r\t]/.test(character) ? " " : character));
  return html`<bdi>${marked(shown)}</bdi>${lengthNote(characters.length, lengthOf(text))}`;
}
