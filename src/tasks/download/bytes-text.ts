/**
 * Bytes that are most likely text: UTF-8, as nearly all servers write; what is none is taken as
 * Latin-1, as the standard once said. A last character that was cut in two is left out.
 */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return Buffer.from(bytes).toString("latin1");
  }
}
