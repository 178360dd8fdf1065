/**
 * JSON read piece by piece: the elements of an array, or values one after the other, each with its
 * bytes; and the members of an object with their text as written.
 *
 * @module
 */

/** One element and the bytes that stand between it and the one before. */
export interface JsonElement {
  readonly gap: Buffer;
  readonly raw: Buffer;
}

const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT, COMMA] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d, 0x2c,
];
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Cuts a stream of bytes into JSON elements; `push` gives those that are complete. */
export class JsonCutter {
  readonly #lines: boolean;
  #buffer: Buffer = Buffer.alloc(0);
  /** Scanning goes on here. */
  #at = 0;
  #start = -1;
  #gapFrom = 0;
  #depth = 0;
  #inString = false;
  #inArray = false;
  #begun = false;
  /** Whether the array stands inside a document, so that its end is the end of the elements. */
  readonly #wrapped: boolean;
  #closed = false;

  /**
   * `lines` cuts at line ends, one value a line, so that a broken line harms no other; `arrayAt`
   * is the offset of an array to be cut where it is not the whole text.
   */
  constructor(lines: boolean, arrayAt?: number) {
    this.#lines = lines;
    this.#wrapped = arrayAt !== undefined;
    this.#at = arrayAt ?? 0;
  }

  /** Bytes from the bracket that closed a wrapped array on; 0 while it is open. */
  get closedBytes(): number {
    return this.#closed ? this.#buffer.length - this.#gapFrom : 0;
  }

  push(chunk: Buffer): JsonElement[] {
    this.#buffer = Buffer.concat([this.#buffer.subarray(this.#gapFrom), chunk]);
    this.#at -= this.#gapFrom;
    if (this.#start >= 0) this.#start -= this.#gapFrom;
    this.#gapFrom = 0;
    return this.#lines ? this.#cutLines(false) : this.#cutValues();
  }

  /** The last element, if the input ends without closing it, and the bytes behind the last one. */
  end(): { elements: JsonElement[]; rest: Buffer } {
    const elements = this.#lines ? this.#cutLines(true) : [];
    if (!this.#lines && this.#start >= 0) this.#emit(elements, this.#buffer.length);
    return { elements, rest: this.#buffer.subarray(this.#gapFrom) };
  }

  #cutLines(last: boolean): JsonElement[] {
    const found: JsonElement[] = [];
    for (;;) {
      const end = this.#buffer.indexOf(0x0a, this.#at);
      if (end < 0 && !last) {
        this.#at = this.#buffer.length;
        return found;
      }
      this.#emitTrimmed(found, end < 0 ? this.#buffer.length : end);
      if (end < 0) return found;
      this.#at = end + 1;
    }
  }

  /** Emit what stands before `to`, without the blanks around it. */
  #emitTrimmed(found: JsonElement[], to: number): void {
    let from = this.#gapFrom;
    while (from < to && BLANKS.has(this.#buffer[from] ?? 0)) from++;
    let until = to;
    while (until > from && BLANKS.has(this.#buffer[until - 1] ?? 0)) until--;
    if (until === from) return;
    this.#start = from;
    this.#emit(found, until);
  }

  #cutValues(): JsonElement[] {
    const found: JsonElement[] = [];
    for (; this.#at < this.#buffer.length && !this.#closed; this.#at++) {
      const byte = this.#buffer[this.#at] ?? 0;
      if (this.#inString) {
        if (byte === BACKSLASH) {
          if (this.#at + 1 >= this.#buffer.length) break;
          this.#at++;
        } else if (byte === QUOTE) {
          this.#inString = false;
          if (this.#depth === 0) this.#emit(found, this.#at + 1);
        }
      } else if (this.#depth > 0) this.#insideValue(byte, found);
      else this.#betweenValues(byte, found);
    }
    return found;
  }

  #insideValue(byte: number, found: JsonElement[]): void {
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) this.#depth++;
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      this.#depth--;
      if (this.#depth === 0) this.#emit(found, this.#at + 1);
    }
  }

  #betweenValues(byte: number, found: JsonElement[]): void {
    const separator = BLANKS.has(byte) || byte === COMMA || byte === CLOSE_ARRAY;
    if (separator) {
      if (this.#start >= 0) this.#emit(found, this.#at);
      this.#closed = this.#wrapped && byte === CLOSE_ARRAY;
      return;
    }
    if (!this.#begun && byte === OPEN_ARRAY) {
      this.#begun = true;
      this.#inArray = true;
      return;
    }
    this.#begun = true;
    if (this.#start < 0) this.#start = this.#at;
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) this.#depth = 1;
  }

  #emit(found: JsonElement[], end: number): void {
    const gap = Buffer.from(this.#buffer.subarray(this.#gapFrom, this.#start));
    found.push({ gap, raw: Buffer.from(this.#buffer.subarray(this.#start, end)) });
    this.#gapFrom = end;
    this.#start = -1;
  }

  /** Whether the elements stand in an array. */
  get inArray(): boolean {
    return this.#inArray;
  }
}

/** What a member of an object is. */
export type MemberKind = "string" | "number" | "boolean" | "null" | "nested";

export interface Member {
  readonly key: string;
  /** Text of the value: numbers and nested values as written, strings decoded. */
  readonly text: string;
  readonly kind: MemberKind;
}

const VALUE = /(?:"(?:[^"\\]|\\.)*"|[^\s,:{}[\]"]+)/suy;

/**
 * The members of an object, or undefined when the text is not one object whose keys are unique.
 */
export function membersOf(text: string): Member[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  } catch {
    return undefined;
  }
  const members: Member[] = [];
  const keys = new Set<string>();
  let at = skipBlanks(text, 1, "{");
  while (at < text.length && text[at] !== "}") {
    const keyEnd = valueEnd(text, at);
    const key = String(JSON.parse(text.slice(at, keyEnd)));
    const from = skipBlanks(text, keyEnd, ":");
    const to = valueEnd(text, from);
    const raw = text.slice(from, to);
    if (keys.has(key)) return undefined;
    keys.add(key);
    const kind = kindOf(raw);
    members.push({ key, kind, text: kind === "string" ? String(JSON.parse(raw)) : raw });
    at = skipBlanks(text, to, ",");
  }
  return members;
}

function skipBlanks(text: string, from: number, mark: string): number {
  let at = from;
  while (at < text.length && (" \t\r\n".includes(text[at] ?? "") || text[at] === mark)) at++;
  return at;
}

/** End of the value that begins at `from`; the text is known to be sound JSON. */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const character = text[at] ?? "";
    if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    VALUE.lastIndex = at;
    const scalar = VALUE.exec(text);
    at = scalar ? VALUE.lastIndex : at + 1;
  } while (depth > 0 && at < text.length);
  return at;
}

function kindOf(raw: string): MemberKind {
  const [first] = raw;
  if (first === '"') return "string";
  if (first === "{" || first === "[") return "nested";
  if (raw === "null") return "null";
  return raw === "true" || raw === "false" ? "boolean" : "number";
}
