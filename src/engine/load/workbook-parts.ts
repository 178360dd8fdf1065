import { WranglerError } from "../../core/index.ts";
import { soundWorkbook } from "./sound-workbook.ts";
import { zipBytes, zipDirectory } from "./zip-directory.ts";

/**
 * All parts of a workbook that is small enough to be held whole, by their names and in their order.
 *
 * @throws {WranglerError} INPUT_UNREADABLE when it is not sound, or expands to more than `maxBytes`;
 * CANCELED.
 */
export async function workbookParts(
  path: string,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Map<string, Buffer>> {
  await soundWorkbook(path, path, signal);
  const { entries } = await zipDirectory(path);
  const total = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (total > maxBytes) {
    const reason = `${path} expands to ${total} bytes, more than ${maxBytes}.`;
    throw new WranglerError("INPUT_UNREADABLE", reason, { path });
  }
  const parts = new Map<string, Buffer>();
  for (const entry of entries) parts.set(entry.name, await zipBytes(path, entry, maxBytes + 1));
  return parts;
}
