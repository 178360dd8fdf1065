/** What a program prints, without the secrets that it was given. */
import { MASK, maskedForms } from "../../core/index.ts";

/** Masks secrets in a stream of bytes, wherever it is cut into pieces. */
export interface OutputMask {
  /** What can be shown of it. The rest may be the beginning of a secret. */
  push(piece: Buffer): Buffer;
  /** What was held back. */
  end(): Buffer;
}

/** Secrets that are known by now are masked; all other bytes pass as they are, whatever they encode. */
export function outputMask(forms: readonly string[] = maskedForms()): OutputMask {
  if (forms.length === 0) return { push: (piece) => piece, end: () => Buffer.alloc(0) };
  // As Latin-1 every byte is one sign.
  const wanted = forms.map((form) => Buffer.from(form).toString("latin1"));
  const pattern = new RegExp(wanted.map(escaped).join("|"), "g");
  const longest = Math.max(...wanted.map(({ length }) => length));
  const isBeginning = (text: string) =>
    wanted.some((form) => form.length > text.length && form.startsWith(text));
  let held = "";

  /** Where what may be the beginning of a secret starts. */
  const heldFrom = (text: string, from: number): number => {
    for (let at = Math.max(from, text.length - longest + 1); at < text.length; at++) {
      if (isBeginning(text.slice(at))) return at;
    }
    return text.length;
  };

  return {
    push(piece) {
      const text = held + piece.toString("latin1");
      let shown = "";
      let from = 0;
      let until = heldFrom(text, from);
      for (const { 0: found, index } of text.matchAll(pattern)) {
        // What is found may lie within a longer one, which has not come to its end.
        if (until <= index) break;
        shown += text.slice(from, index) + MASK;
        from = index + found.length;
        if (until < from) until = heldFrom(text, from);
      }
      held = text.slice(until);
      return Buffer.from(shown + text.slice(from, until), "latin1");
    },
    end() {
      const shown = held.replaceAll(pattern, MASK);
      held = "";
      return Buffer.from(shown, "latin1");
    },
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
