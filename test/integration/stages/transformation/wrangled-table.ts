import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { z } from "zod";
import { identifier, literal, parquet, ROW, silentLog } from "../../../../src/core/index.ts";
import { executeRecipe } from "../../../../src/recipe/index.ts";
import { profileTable, ProfilingOptions } from "../../../../src/stages/profiling/index.ts";
import {
  type Candidate,
  combine,
  normalisation,
  type Proposal,
  selectedGenerators,
  TransformationOptions,
} from "../../../../src/stages/transformation/index.ts";
import { type Engine, startEngine } from "../../../../src/engine/index.ts";

type Cell = string | null;
type Options = z.input<typeof TransformationOptions>;

/** What one candidate makes of a small table. */
export interface Wrangled {
  readonly candidates: Candidate[];
  /** Changed cells as `row column: old -> new`, in row order. */
  readonly changes: string[];
  /** The column after the candidate's recipe. */
  column(name: string): Cell[];
}

let root = "";
let engine: Engine | undefined;
let tables = 0;

/** One engine for all tests of a file: starting one takes longer than a test. */
export function withSharedEngine(): void {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "data-wrangler-test-"));
    const tempFolder = join(root, "spill");
    engine = startEngine({ folders: [root], tempFolder, memoryLimit: "1GB", threads: 2 });
  });
  afterAll(async () => {
    await engine?.close();
    await rm(root, { recursive: true, force: true });
  });
}

/** Profile a small table, run the generators, execute one candidate's recipe. */
export async function wrangled(
  table: Readonly<Record<string, readonly Cell[]>>,
  options: Options = {},
  candidateId = "balanced",
): Promise<Wrangled> {
  if (!engine) throw new Error("withSharedEngine() comes first");
  const { ask } = engine;
  const folder = join(root, `table-${++tables}`);
  await mkdir(folder);
  const columns = Object.keys(table);
  const rows = Object.values(table)[0]?.length ?? 0;
  const source = parquet(join(folder, "records.parquet"));
  await ask({ sql: copyOf(table, join(folder, "records.parquet")), row: z.unknown() });

  const settings = TransformationOptions.parse({
    maxCandidates: 20,
    // The generators that look across rows find rules in tables made up by rule.
    generators: [
      "characters",
      "nulls",
      "formats",
      "spills",
      "swaps",
      "alternatives",
      "duplicates",
      "restyle",
    ],
    ...options,
  });
  const input = { dataset: "t", fingerprint: "f", source, columns, rows, ask, signal: undefined };
  const profile = await profileTable({ ...input, options: ProfilingOptions.parse({}) });
  const proposals = new Map<string, Proposal[]>();
  let seen = source;
  for (const wave of ["values", "table"] as const) {
    if (wave === "table") {
      const recipe = normalisation({ columns, proposals, options: settings });
      const out = await executeRecipe({
        recipe,
        columns,
        source,
        folder: join(folder, "normal"),
        ask,
      });
      seen = parquet(out.paths.records);
    }
    for (const generator of selectedGenerators(settings, wave)) {
      const context = {
        profile,
        dependencies: profile.dependencies,
        options: settings,
        log: silentLog,
      };
      const found = await generator.propose({ ...input, ...context, source: seen });
      proposals.set(generator.name, found);
    }
  }
  const candidates = combine({ profile, columns, proposals, options: settings });
  const recipe = candidates.find(({ id }) => id === candidateId)?.recipe ?? {
    version: 1 as const,
    columns,
    steps: [],
  };
  const out = await executeRecipe({ recipe, columns, source, folder: join(folder, "out"), ask });
  if (out.columns.join() === columns.join()) {
    const second = { recipe, columns, source: parquet(out.paths.records), ask };
    const again = await executeRecipe({ ...second, folder: join(folder, "again") });
    expect(again.counts.cellsChanged).toBe(0);
  }
  const cells = await ask({
    sql: `FROM ${parquet(out.paths.records)} ORDER BY ${ROW}`,
    row: z.record(z.string(), z.any()),
  });
  const log = z.object({
    row: z.number(),
    column: z.string(),
    old: z.string().nullable(),
    new: z.string().nullable(),
  });
  const changes = await ask({
    sql: `SELECT row, "column", old, "new" FROM ${parquet(out.paths.changes)} ORDER BY row, "column"`,
    row: log,
  });
  return {
    candidates,
    changes: changes.map((c) => `${c.row} ${c.column}: ${c.old ?? "∅"} -> ${c.new ?? "∅"}`),
    column: (name) => cells.map((row) => row[name] as Cell),
  };
}

function copyOf(table: Readonly<Record<string, readonly Cell[]>>, path: string): string {
  const names = Object.keys(table);
  const rows = (table[names[0] ?? ""] ?? []).map(
    (_cell, i) =>
      `(${i + 1}::BIGINT, ${names.map((name) => `${literal(table[name]?.[i] ?? null)}::VARCHAR`).join(", ")})`,
  );
  const header = [ROW, ...names].map(identifier).join(", ");
  return `COPY (SELECT * FROM (VALUES ${rows.join(", ")}) AS t(${header})) TO ${literal(path)} (FORMAT parquet)`;
}

/** `count` cells made from their place. */
export function series(count: number, make: (i: number) => Cell): Cell[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
