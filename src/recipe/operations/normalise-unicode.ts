import { z } from "zod";
import { operation } from "../operation.ts";
import { quoted } from "../words.ts";

/** Gives equal-looking text equal code points. */
export const normaliseUnicode = operation({
  name: "normalise_unicode",
  title: "Give equal-looking text equal code points",
  args: z.strictObject({
    form: z
      .enum(["NFC", "NFKC"])
      .default("NFC")
      .meta({ description: "NFKC also resolves ligatures, full-width letters, superscripts" }),
  }),
  scope: "cell",
  reversible: "yes, by the change log",
  example: { columns: ["name"], args: { form: "NFC" } },
  sentence: ({ columns, args }) => `Brings ${quoted(columns)} into Unicode form ${args.form}`,
  cell: ({ form }, plan) => {
    if (form === "NFC") return { stages: [(v) => `nfc_normalize(${v})`] };
    const table = plan.lookup(["old", "new"], compatibilityPairs());
    return {
      stages: [
        (v) => `CASE WHEN strlen(${v}) = length(${v}) THEN ${v} ELSE (
          SELECT nfc_normalize(string_agg(coalesce(d.new, u.letter), '' ORDER BY u.i))
          FROM (SELECT unnest(string_split(${v}, '')) AS letter,
            generate_subscripts(string_split(${v}, ''), 1) AS i) u
          LEFT JOIN ${table} d ON d.old = u.letter) END`,
      ],
    };
  },
});

/** Blocks beyond the first plane that have compatibility forms. */
const LAST_CODE_POINT = 0x2fa1f;

/** Each character whose compatibility form is not just its canonical one, with that form. */
function compatibilityPairs(): [string, string][] {
  const pairs: [string, string][] = [];
  for (let code = 0x80; code <= LAST_CODE_POINT; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const letter = String.fromCodePoint(code);
    const plain = letter.normalize("NFKD");
    if (plain !== letter && plain !== letter.normalize("NFD")) pairs.push([letter, plain]);
  }
  return pairs;
}
