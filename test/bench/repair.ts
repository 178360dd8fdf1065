/**
 * Repair quality on dirty/clean pairs, through the same code as `data-wrangler run`.
 *
 *   npm run bench:repair -- [FOLDER] [--only NAME] [--json FILE]
 *
 * FOLDER holds one folder per pair, each with dirty.csv and clean.csv. Every pair is run twice: the
 * dirty file, scored against the clean one, and the clean file, in which nothing should change.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { parquet } from "../../src/core/index.ts";
import { startEngine } from "../../src/engine/index.ts";
import { createApp } from "../../src/index.ts";
import { sharedData } from "../helpers/shared-data.ts";
import { type Cell, parseCsv, type RepairScore, scoreRepair } from "./score-repair.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", multiple: true }, json: { type: "string" } },
});
const folder = resolve(positionals[0] ?? sharedData("repair"));

interface Outcome {
  readonly set: string;
  readonly cells: number;
  readonly strict: RepairScore;
  readonly typed: RepairScore;
  readonly winner: string;
  readonly seconds: number;
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

async function bench(set: string): Promise<Outcome> {
  const path = (name: string) => join(folder, set, name);
  const [dirty, clean] = await Promise.all(
    ["dirty.csv", "clean.csv"].map(async (name) => parseCsv(await readFile(path(name), "utf8"))),
  );
  if (!dirty || !clean) throw new Error(`${set} is no pair`);
  const repaired = await run(path("dirty.csv"));
  const untouched = await run(path("clean.csv"));
  const repair = { dirty, clean, changes: repaired.changes, quarantine: repaired.quarantine };
  return {
    set,
    cells: (dirty.length - 1) * (dirty[0]?.length ?? 0),
    strict: scoreRepair(repair, "strict"),
    typed: scoreRepair(repair, "typed"),
    winner: repaired.winner,
    seconds: repaired.seconds,
    cleanChanged: untouched.changes.length,
    balanced: repaired.balanced && untouched.balanced,
  };
}

const three = (share: number) => share.toFixed(3);
const line = (...cells: (string | number)[]) =>
  process.stdout.write(
    `${cells.map((cell, i) => (i < 2 ? String(cell).padEnd(i ? 7 : 18) : String(cell).padStart(9))).join(" ")}\n`,
  );

const sets = (await readdir(folder, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory() && (values.only?.includes(entry.name) ?? true))
  .map(({ name }) => name)
  .toSorted();
const outcomes: Outcome[] = [];
line(
  "set",
  "mode",
  "wrong",
  "fixed",
  "misfixed",
  "corrupted",
  "quarant.",
  "P",
  "R",
  "F1",
  "seconds",
  "clean chg",
  "balanced",
  "winner",
);
for (const set of sets) {
  const outcome = await bench(set);
  outcomes.push(outcome);
  for (const mode of ["strict", "typed"] as const) {
    const s = outcome[mode];
    const counts = [
      s.wrong,
      s.fixed,
      s.misfixed,
      s.corrupted,
      s.quarantinedWrong + s.quarantinedClean,
    ];
    const rates = [three(s.precision), three(s.recall), three(s.f1)];
    const rest =
      mode === "strict"
        ? [
            outcome.seconds.toFixed(1),
            outcome.cleanChanged,
            outcome.balanced ? "yes" : "NO",
            outcome.winner,
          ]
        : [];
    line(mode === "strict" ? set : "", mode, ...counts, ...rates, ...rest);
  }
}
if (values.json) await writeFile(values.json, JSON.stringify(outcomes, null, 2));
