/** Text that is safe and measurable on a terminal. */

/** Control characters, and those that turn the writing direction. */
const UNSAFE = /[\p{Cc}\p{Bidi_Control}]/gu;

/** Colour codes. */
const PAINT = /\p{Cc}\[\d+m/gu;

const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Data as text that cannot steer the terminal: control characters are written as escapes. */
export function printable(text: string): string {
  return text.replaceAll(UNSAFE, (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, "0")}`);
}

/** Text of several lines, each safe to print. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** Terminal columns that a text without control characters takes; colour codes take none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text.replaceAll(PAINT, ""))) {
    width += WIDE.test(segment) ? 2 : 1;
  }
  return width;
}

/** The text, cut with an ellipsis where it is wider than `width` columns. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += WIDE.test(segment) ? 2 : 1;
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
