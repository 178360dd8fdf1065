/** Bars: shares as length. The number always stands beside them in text. */
import { escape, Html } from "../markup/index.ts";

/** A share as a filled part of a track. `label` says the same in words. */
export function bar(share: number, label: string, kind: "before" | "after" | "plain"): Html {
  const width = round(Math.min(1, Math.max(0, share)) * 100);
  return new Html(
    `<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${escape(label)}"><rect class="${kind}" width="${width}" height="8"/></svg>`,
  );
}

/** Two decimals are finer than any screen, and short. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
