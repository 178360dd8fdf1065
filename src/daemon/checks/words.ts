/** Figures in words. */

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/** `1.5 GB`, in steps of 1000 as sizes are written in configurations. */
export function bytesInWords(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1_000 && unit < UNITS.length - 1) {
    amount /= 1_000;
    unit++;
  }
  const shown = unit === 0 || amount >= 100 ? Math.round(amount) : Math.round(amount * 10) / 10;
  return `${shown} ${UNITS[unit] ?? ""}`;
}

/** `1 task`, `3 tasks`. */
export function counted(count: number, what: string): string {
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
}
