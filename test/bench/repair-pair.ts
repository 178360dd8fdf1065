/** One dirty/clean pair, through the same code as `data-wrangler run`. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { z } from "zod";
import { parquet } from "../../src/core/index.ts";
import { startEngine } from "../../src/engine/index.ts";
import { createApp } from "../../src/index.ts";
import { type Cell, parseCsv, type RepairScore, scoreRepair } from "./score-repair.ts";

/** What came of a pair. */
export interface RepairOutcome {
  readonly set: string;
  readonly cells: number;
  readonly strict: RepairScore;
  readonly typed: RepairScore;
  readonly winner: string;
  readonly seconds: number;
  /** Cells changed in the clean file. */
  readonly cleanChanged: number;

  readonly balanced: boolean;
}

async function run(input: string): Promise<{
  changes: Cell[];
  quarantine: Cell[];
  seconds: number;
  winner: string;
  balanced: boolean;
}> {
  const work = await mkdtemp(join(tmpdir(), "data-wrangler-bench-"));
  const app = createApp({ checkpointsFolder: join(work, "checkpoints") });
  const output = join(work, "out");
  const engine = startEngine({
    folders: [work],
    tempFolder: join(work, "spill"),
    memoryLimit: "1GB",
    threads: 2,
  });
  try {
    const { accounts, durationMs } = await app.run({ input, output });
    const [dataset] = accounts[0]?.datasets ?? [];
    if (!dataset || dataset.failure)
      throw new Error(dataset?.failure?.stack ?? accounts[0]?.failure?.stack);
    const changes = await engine.ask({
      sql: `SELECT "row", "column", coalesce(new, '') AS "value" FROM ${parquet(join(output, "changes.parquet"))}`,
      row: z.object({ row: z.number(), column: z.string(), value: z.string() }),
    });
    const quarantine = await engine.ask({
      sql: `SELECT "row", "column" FROM ${parquet(join(output, "quarantine.parquet"))} WHERE "row" > 0`,
      row: z.object({ row: z.number(), column: z.string().nullable() }),
    });
    const { recordsIn, rowsOut, rowsQuarantined, duplicatesRemoved } = dataset;
    const balanced = recordsIn === rowsOut + rowsQuarantined + duplicatesRemoved;
    return {
      changes,
      quarantine,
      seconds: durationMs / 1000,
      winner: dataset.winner ?? "",
      balanced,
    };
  } finally {
    await engine.close();
    await app.close();
    await rm(work, { recursive: true, force: true });
  }
}

/** Run the dirty file and score it against the clean one; run the clean file, in which nothing should change. */
export async function repairPair(folder: string): Promise<RepairOutcome> {
  const path = (name: string) => join(folder, name);
  const [dirty, clean] = await Promise.all(
    ["dirty.csv", "clean.csv"].map(async (name) => parseCsv(await readFile(path(name), "utf8"))),
  );
  if (!dirty || !clean) throw new Error(`${folder} holds no pair`);
  const repaired = await run(path("dirty.csv"));
  const untouched = await run(path("clean.csv"));
  const repair = { dirty, clean, changes: repaired.changes, quarantine: repaired.quarantine };
  return {
    set: basename(folder),
    cells: (dirty.length - 1) * (dirty[0]?.length ?? 0),
    strict: scoreRepair(repair, "strict"),
    typed: scoreRepair(repair, "typed"),
    winner: repaired.winner,
    seconds: repaired.seconds,
    cleanChanged: untouched.changes.length,
    balanced: repaired.balanced && untouched.balanced,
  };
}
