/** How a text looks, whatever it says. */

/** Letter case and punctuation of a text: `Aa`, `A/A`. */
export function lookOf(text: string): string {
  return text
    .trim()
    .replaceAll(/\p{Lu}\p{Ll}+/gu, "Aa")
    .replaceAll(/\p{Lu}+/gu, "A")
    .replaceAll(/\p{Ll}+/gu, "a")
    .replaceAll(/\d+/g, "9")
    .replace(/^([^ ]+)( \1)+$/, "$1");
}
