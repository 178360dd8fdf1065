import { join } from "node:path";
import { expect } from "vitest";
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
import { withEngine, withFolder } from "../../../helpers/engine.ts";

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

/** Profile a small table, run the generators, execute one candidate's recipe. */
export async function wrangled(
  table: Readonly<Record<string, readonly Cell[]>>,
  options: Options = {},
  candidateId = "balanced",
): Promise<Wrangled> {
  const folder = await withFolder();
  const { ask } = withEngine(folder);
  const columns = Object.keys(table);
  const rows = Object.values(table)[0]?.length ?? 0;
  const source = parquet(join(folder, "records.parquet"));
  await ask({ sql: copyOf(table, join(folder, "records.parquet")), row: z.unknown() });

  const settings = TransformationOptions.parse({
    maxCandidates: 20,
    // The generators that look across rows find rules in tables made up by rule.
    generators: ["characters", "nulls", "formats", "spills", "duplicates", "restyle"],
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
