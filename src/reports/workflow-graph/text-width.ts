/**
 * Scripts whose characters take two columns: the blocks that hold the wide and full-width ones
 * of Unicode's East Asian Width (UAX #11), and pictographs.
 */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u;
const NONE = /[\p{M}\p{Cf}]/u;
const NARROW = /[ijlIft.,:;|!'()[\]/-]/;
const BROAD = /[A-HJ-Zmw@%_]/;

/** Width of one character in a sans-serif face, in shares of the font's size. */
function share(character: string): number {
  if (NONE.test(character)) return 0;
  if (WIDE.test(character)) return 1.16;
  if (NARROW.test(character)) return 0.36;
  return BROAD.test(character) ? 0.72 : 0.58;
}

/** Estimated width of a text in pixels; no font can be asked where the drawing is made. */
export function textWidth(text: string, sizePx: number): number {
  let width = 0;
  for (const character of text) width += share(character);
  return width * sizePx;
}

/** As much of a text as fits, with an ellipsis where something was cut. */
export function fitted(text: string, sizePx: number, roomPx: number): string {
  let width = 0;
  let kept = "";
  const room = roomPx / sizePx;
  for (const character of text) {
    width += share(character);
    if (width > room) return `${kept.slice(0, lastFitting(kept, room - 0.9))}…`;
    kept += character;
  }
  return text;
}

/** Length of the beginning that fits. */
function lastFitting(text: string, room: number): number {
  let [width, length] = [0, 0];
  for (const character of text) {
    width += share(character);
    if (width > room) return length;
    length += character.length;
  }
  return length;
}
