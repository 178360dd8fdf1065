/**
 * The 32 characters that windows-1252 has where latin-1 has controls; unused bytes keep the
 * control. Written out: some versions of Node's TextDecoder read windows-1252 as latin-1.
 */
export const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";
