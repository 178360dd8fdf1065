import { z } from "zod";

const UNITS: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9 };

/** A number of bytes in a file: `500KB`, `10MB`, `2GB`; powers of 1,000. */
export const Size = z
  .string()
  .regex(/^\d+(?:KB|MB|GB)$/, 'expected a size such as "500KB" or "10MB"');

/** Bytes of a checked {@link Size}. */
export function bytesOf(size: string): number {
  return Number(size.slice(0, -2)) * (UNITS[size.slice(-2)] ?? 1);
}
