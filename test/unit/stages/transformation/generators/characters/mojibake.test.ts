import { expect, test } from "vitest";
import { withoutMojibake } from "../../../../../../src/stages/transformation/generators/characters/mojibake.ts";

test.each([
  ["CafÃ©", "Café"],
  ["StÃ¼ck", "Stück"],
  ["â€œgoodâ€\u009d", "“good”"],
])("%s was UTF-8", (text, meant) => {
  expect(withoutMojibake(text)).toBe(meant);
});

test.each(["Café", "plain", "São Paulo", "Ã la carte", "ï¿½", "日本", "naïve Ärger"])(
  "%s is what it says",
  (text) => {
    expect(withoutMojibake(text)).toBeUndefined();
  },
);
