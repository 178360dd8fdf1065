import { count, escape, Html, measure } from "../markup/index.ts";
import { round } from "./bars.ts";

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Bins side by side, the highest as tall as the picture; each tells its range and count on hover. */
export function histogram(bins: readonly Bin[], label: string): Html {
  const highest = Math.max(1, ...bins.map((bin) => bin.count));
  const width = 100 / Math.max(1, bins.length);
  const bars = bins.map((bin, i) => {
    // A bin that holds anything is seen, however small its share.
    const height = bin.count === 0 ? 0 : Math.max(1, (bin.count / highest) * 40);
    const title = `${measure(bin.from)} to ${measure(bin.to)}: ${count(bin.count)}`;
    return `<rect class="bin" x="${round(i * width)}" y="${round(40 - height)}" width="${round(width * 0.9)}" height="${round(height)}"><title>${title}</title></rect>`;
  });
  return new Html(
    `<svg class="histogram" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label="${escape(label)}">${bars.join("")}</svg>`,
  );
}
