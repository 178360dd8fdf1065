/** Text that was UTF-8 and was read as Windows-1252. */

/** Windows-1252 for 0x80 … 0x9F; the five undefined bytes stand for themselves, as browsers have them. */
const HIGH = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * The text that was meant, when its characters are exactly the bytes of UTF-8 read as Windows-1252;
 * undefined when they are not, or when nothing would change. Ordinary accented text is no valid
 * UTF-8 when turned back into bytes, so it never qualifies.
 */
export function withoutMojibake(text: string): string | undefined {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const high = HIGH.indexOf(character);
    if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) bytes.push(code);
    else if (high >= 0) bytes.push(0x80 + high);
    else return undefined;
  }
  try {
    const decoded = decoder.decode(Uint8Array.from(bytes));
    // A replacement character says that the text was broken before: there is nothing to win.
    return decoded === text || decoded.includes("\uFFFD") ? undefined : decoded;
  } catch {
    // The bytes are no UTF-8: the text is what it says.
    return undefined;
  }
}
