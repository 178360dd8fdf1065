import { describe, expect, test } from "vitest";
import { PALETTE } from "../../../src/reports/palette.ts";

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((i) => Number.parseInt(colour.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(["light", "dark"] as const)("%s", (mode) => {
  const palette = PALETTE[mode];

  test.each(["text", "muted", "link", "good", "bad", "aside"] as const)(
    "%s can be read",
    (role) => {
      expect(contrast(palette[role], palette.ground)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(palette[role], palette.panel)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each([
    ["oldText", "oldGround"],
    ["newText", "newGround"],
  ] as const)("%s can be read on %s", (text, ground) => {
    expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(["before", "after", "kept", "aside", "removed", "lost"] as const)(
    "%s stands out from the page",
    (role) => {
      expect(contrast(palette[role], palette.ground)).toBeGreaterThanOrEqual(3);
    },
  );
});
