/** The forms in which a secret comes along: written into an address, a header, a JSON text. */

/** All of them, each once. */
export function secretForms(value: string): Set<string> {
  const base64 = base64Forms(value);
  return new Set([
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
  ]);
}

/** Of the first sign of a value that comes after 0, 1 or 2 others, how many belong to those too. */
const SHARED = [0, 2, 3] as const;

/**
 * By itself, and within a longer value such as `user:password`: three bytes make four signs, so that
 * there are three ways for it to stand. Signs that it shares with its neighbours are left out.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  const within = SHARED.map((shared, before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return text.slice(shared, Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [bytes.toString("base64").replace(/=+$/, ""), ...within];
}
