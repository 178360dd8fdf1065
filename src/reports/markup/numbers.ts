/** Numbers as text, the same on every machine: no locale takes part. */

/** Narrow no-break space between groups of three digits. */
const GROUP = "\u202F";

/** A whole number with its digits in groups of three: `2 410`. */
export function count(value: number): string {
  const digits = String(Math.abs(Math.round(value)));
  return (value < 0 ? "−" : "") + digits.replaceAll(/\B(?=(\d{3})+$)/g, GROUP);
}

/** A count with its noun: `1 row`, `2 410 rows`. */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : plural}`;
}

/**
 * A share as a percentage. Only a share of exactly 1 is "100 %" and only 0 is "0 %": what
 * rounding would hide is said as "> 99.9\u00A0%" or "< 0.1\u00A0%".
 */
export function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100}\u00A0%`;
  if (share < 0.001) return "< 0.1\u00A0%";
  if (share > 0.999) return "> 99.9\u00A0%";
  return `${(share * 100).toFixed(1)}\u00A0%`;
}

/** A small share, such as a risk, with two significant digits: `0.034 %`. */
export function fineShare(share: number): string {
  if (share === 0) return "0\u00A0%";
  return share < 0.01 ? `${trimmed((share * 100).toPrecision(2))}\u00A0%` : percent(share);
}

/** A score in [0, 1] with two digits; 1.00 and 0.00 only when exact. */
export function score(value: number): string {
  if (value !== 1 && value > 0.995)
    return value.toFixed(4).startsWith("1") ? "> 0.999" : floor4(value);
  if (value !== 0 && value < 0.005) return "< 0.01";
  return value.toFixed(2);
}

function floor4(value: number): string {
  return trimmed((Math.floor(value * 10_000) / 10_000).toFixed(4));
}

/** A change of a score with its sign. */
export function difference(before: number, after: number): string {
  const change = after - before;
  if (change === 0) return "no change";
  const size = Math.abs(change) < 0.005 ? "less than 0.01" : Math.abs(change).toFixed(2);
  return `${change > 0 ? "+" : "−"}${size}`;
}

/** A measured number in at most six significant digits. */
export function measure(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return count(value);
  const text = trimmed(value.toPrecision(6));
  if (text.includes("e")) return text.replace("-", "−");
  const [whole = "0", fraction] = text.replace("-", "").split(".");
  const sign = value < 0 ? "−" : "";
  return `${sign}${count(Number(whole))}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** Decimal number without closing zeros. */
function trimmed(text: string): string {
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

const SIZES = ["bytes", "kB", "MB", "GB", "TB"];

/** A size in bytes, in decimal units. */
export function bytes(sizeBytes: number): string {
  let unit = 0;
  let size = sizeBytes;
  while (size >= 1000 && unit < SIZES.length - 1) [size, unit] = [size / 1000, unit + 1];
  if (unit === 0) return counted(sizeBytes, "byte");
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${SIZES[unit]}`;
}

/** A duration in milliseconds: `340 ms`, `12.4 s`, `3 min 05 s`, `2 h 05 min`. */
export function duration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${padded(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${count(Math.floor(minutes / 60))} h ${padded(minutes % 60)} min`;
}

function padded(value: number): string {
  return String(value).padStart(2, "0");
}
