/** What a number format code is for. */
export type FormatKind = "text" | "number" | "date" | "datetime";

/** What stands for itself in a code: quoted, escaped, a repeated or a skipped sign, in brackets. */
const LITERAL = /"[^"]*"|\\.|[*_].|\[[^\]]*\]/gsu;
/** What a code is made of beside literals. */
const SIGNS = /^[0#?.,%eE+\-/ :;()$€£¥&'!^~{}<>=@ymdhsaPpMDHSYA|]*$/u;
const DAY = /[yd]/i;
const TIME = /[hs]/i;

/**
 * What is wrong with a number format code as far as it can be told without the program that uses it;
 * undefined when nothing is.
 */
export function flawOfFormat(code: string): string | undefined {
  if (code.length > 255) return `it has ${code.length} characters, more than 255`;
  if (/\p{Cc}/u.test(code)) return "it holds a control character";
  const bare = bareOf(code);
  if (/["[\]]/.test(bare)) return "a quote or bracket is not closed";
  if (bare.split(";").length > 4) return "it has more than four sections";
  const rest = bare.replaceAll(/AM\/PM|A\/P/gi, "").replaceAll(/General/gi, "");
  return SIGNS.test(rest) ? undefined : "letters of its own have to stand in double quotes";
}

/** Whether a code shows text, numbers, days or days with a time. */
export function kindOfFormat(code: string): FormatKind {
  const bare = bareOf(code).replaceAll(/General/gi, "");
  const elapsed = /\[(h+|m+|s+)\]/i.test(code);
  const [day, time] = [DAY.test(bare), TIME.test(bare) || elapsed];
  if (time) return "datetime";
  if (day || /m/i.test(bare)) return "date";
  return /[0#?%]/.test(bare) || !bare.includes("@") ? "number" : "text";
}

function bareOf(code: string): string {
  return code.replaceAll(LITERAL, "");
}
