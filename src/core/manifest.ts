import { z } from "zod";
import { Column, Dataset } from "./dataset.ts";

const Count = z.number().int().nonnegative();

/** `manifest.json`: written last, so that an output folder with one is complete. */
export const Manifest = z.object({
  version: z.literal(1),
  /** Version of data-wrangler that wrote it. */
  tool: z.string(),
  /** Fingerprint of input, settings and tool version: equal key, equal outputs. */
  key: z.string(),
  account: z.string(),
  dataset: Dataset,
  /** Columns of the cleaned table, in order. */
  columnsOut: z.array(Column),
  /** The candidate whose recipe was applied. */
  winner: z.string(),
  counts: z.object({
    recordsIn: Count,
    rowsOut: Count,
    rowsQuarantined: Count,
    duplicatesRemoved: Count,
    cellsChanged: Count,
    cellsQuarantined: Count,
  }),
  qualityBefore: z.number().nullable(),
  qualityAfter: z.number().nullable(),
  /** The other files of the folder, by name. */
  files: z.record(z.string(), z.object({ sha256: z.string(), sizeBytes: Count })),
});
export type Manifest = z.infer<typeof Manifest>;
