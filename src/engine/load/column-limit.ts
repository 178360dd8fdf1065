/**
 * How many columns an engine of a given memory can carry through a run.
 *
 * @module
 */
import { z } from "zod";
import { type Ask, WranglerError } from "../../core/index.ts";

/**
 * What a column of the widest statements takes, whatever is in it: the engine reserves 2,048 cells
 * of 16 bytes in every copy of a chunk, a recipe's statement holds half a dozen of them, and two
 * statements run at once. Measured at a limit of 1 GB with full chunks: 2,500 columns pass and
 * 3,000 do not.
 */
const BYTES_PER_COLUMN = 400_000;
/** So few columns fit any engine that starts at all. */
const ALWAYS_FITTING = 500;
const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];
/** The engine tells its limit to one decimal, so up to this factor less than it was given. */
const ROUNDING = 1.06;

const Limit = z.object({ limit: z.string() });

/**
 * Refuse a table that is too wide for the engine before anything of it is staged.
 *
 * @throws {WranglerError} INPUT_UNREADABLE saying how many columns came, how many can, and what to raise.
 */
export async function refuseTooWide(
  columns: number,
  path: string,
  ask: Ask,
  signal?: AbortSignal,
): Promise<void> {
  if (columns <= ALWAYS_FITTING) return;
  const sql = `SELECT current_setting('memory_limit') AS "limit"`;
  const [answer] = await ask({ sql, row: Limit }, signal);
  const limit = answer?.limit ?? "";
  const possible = columnsWithin(limit);
  if (columns <= possible) return;
  const reason = `${path} has ${grouped(columns)} columns; with ${limit} of memory the engine can carry ${grouped(possible)}. Set engine.memoryLimit to ${memoryFor(columns)} or more, or split the table.`;
  throw new WranglerError("INPUT_UNREADABLE", reason, { path, columns, possible });
}

/** Columns that fit a memory limit as the engine writes it (`953.6 MiB`). */
function columnsWithin(limit: string): number {
  const [number = "", unit = ""] = limit.split(" ");
  const bytes = Number(number) * 1024 ** UNITS.indexOf(unit);
  // A limit that is written in another way than expected is no reason to refuse anything.
  return Number.isFinite(bytes) && UNITS.includes(unit)
    ? Math.max(ALWAYS_FITTING, Math.floor(bytes / BYTES_PER_COLUMN))
    : Number.POSITIVE_INFINITY;
}

/** A memory limit that a number of columns fits, in whole gigabytes. */
function memoryFor(columns: number): string {
  return `${Math.ceil((columns * BYTES_PER_COLUMN * ROUNDING) / 1e9)}GB`;
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}
