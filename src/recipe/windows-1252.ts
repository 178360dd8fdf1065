/** The 32 characters that windows-1252 has where latin-1 has controls; unused bytes keep the control. */
export const WINDOWS_1252 = [...new Uint8Array(32).keys()]
  .map((i) => new TextDecoder("windows-1252").decode(Uint8Array.of(0x80 + i)))
  .join("");
