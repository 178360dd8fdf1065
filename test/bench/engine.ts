/**
 * Speed and memory on a large table, as ratios to what the engine itself needs for the least work.
 *
 *   npm run bench:engine -- [--rows 1000000] [--skip-run]
 *
 * One table of 12 dirty columns is generated; then, in one process and one after another:
 * SUMMARIZE of the CSV, our load and profile; a plain COPY of the CSV to Parquet, a recipe of 15
 * operations; and a full `run` in a process of its own with its peak memory. Medians of three.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type Ask, literal, parquet } from "../../src/core/index.ts";
import { loadDataset, startEngine } from "../../src/engine/index.ts";
import { executeRecipe, Recipe } from "../../src/recipe/index.ts";
import { ProfilingOptions, profileTable } from "../../src/stages/profiling/index.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    "skip-run": { type: "boolean", default: false },
  },
});
const rows = Number(values.rows);
const folder = await mkdtemp(join(tmpdir(), "data-wrangler-bench-"));
const csv = join(folder, "table.csv");
const engine = startEngine({
  folders: [folder],
  tempFolder: join(folder, "spill"),
  memoryLimit: "1GB",
  threads: 2,
});
const { ask } = engine;
const say = (text: string) => process.stdout.write(`${text}\n`);

/** One of the options, by a hash of the row number. */
const pick = (seed: number, ...options: string[]) =>
  `(['${options.join("','")}'])[(hash(i * 31 + ${seed}) % ${options.length})::BIGINT + 1]`;

/** The same rows at every call: each cell is a function of its row number. */
async function generate(to: string): Promise<void> {
  const sql = `COPY (SELECT
    printf('%08d', (hash(i) % 900000)::BIGINT) AS "id",
    ${pick(1, "anna", "Bea ", " Carl", "DORA", "emil")} || ' ' || ${pick(2, "Miller", "smith", "O''Brien", "Ng", "van  Dyk")} AS "name",
    'user' || (hash(i + 7) % 400000) || '@example.org' AS "email",
    '0' || (100000000 + (hash(i + 9) % 899999999)::BIGINT) AS "phone",
    ${pick(3, "Graz", "Linz", "Wels", "Steyr", "Enns", "Lienz")} AS "city",
    CASE hash(i * 31 + 3) % 6 WHEN 0 THEN 'ST' WHEN 5 THEN 'T' ELSE 'OÖ' END AS "state",
    CASE hash(i + 11) % 3 WHEN 0 THEN printf('%d,%03d.50', 1 + (hash(i) % 9)::BIGINT, (hash(i + 1) % 1000)::BIGINT) WHEN 1 THEN round((hash(i) % 90000)::DOUBLE / 4, 2)::VARCHAR ELSE (hash(i) % 9000) || '.0' END AS "amount",
    CASE hash(i * 31 + 4) % 3 WHEN 0 THEN strftime(DATE '2020-01-01' + (hash(i + 13) % 2000)::INT, '%d.%m.%Y') ELSE (DATE '2020-01-01' + (hash(i + 13) % 2000)::INT)::VARCHAR END AS "day",
    ${pick(5, "new", "open", "closed", "N/A", "unknown")} AS "status",
    (hash(i + 17) % 500) || ${pick(6, " kg", " kg", "kg", " KG")} AS "weight",
    CASE WHEN hash(i + 19) % 10 = 0 THEN NULL ELSE (hash(i + 19) % 100000)::VARCHAR END AS "points",
    'note ' || (hash(i + 23) % 5000) || ', and "more"' AS "note"
    FROM range(${rows}) r(i)) TO ${literal(to)} (FORMAT csv, HEADER)`;
  await ask({ sql, row: z.unknown() });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

async function median(work: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) times.push(await timed(() => work(round)));
  return times.toSorted((a, b) => a - b)[1] ?? Number.NaN;
}

const report = (what: string, ms: number, base?: number) =>
  say(
    `${what.padEnd(52)} ${(ms / 1000).toFixed(2).padStart(7)} s ${base === undefined ? "" : `${(ms / base).toFixed(2)} x`}`,
  );

const step = (operation: string, columns: string[], args: object = {}, rest: object = {}) => ({
  operation,
  columns,
  args,
  ...rest,
});

const recipe = Recipe.parse({
  version: 1,
  columns: [
    "id",
    "name",
    "email",
    "phone",
    "city",
    "state",
    "amount",
    "day",
    "status",
    "weight",
    "points",
    "note",
  ],
  steps: [
    step("trim", ["name"]),
    step("collapse_whitespace", ["name"]),
    step("change_case", ["name"], { to: "title" }),
    step("trim", ["email"]),
    step("change_case", ["email"], { to: "lower" }),
    step("clear_null_tokens", ["status"], { tokens: ["N/A", "unknown"] }),
    step("parse_number", ["amount"], { decimal: ".", thousands: "," }),
    step("parse_number", ["weight"], { decimal: ".", units: ["kg", "KG"] }),
    step("parse_date", ["day"], { from: ["%Y-%m-%d", "%d.%m.%Y"], to: "%Y-%m-%d" }),
    step(
      "map_values",
      ["city"],
      { map: [["Lienz", "Linz"]] },
      { where: { column: "state", equals: "OÖ" } },
    ),
    step("repair_by_dependency", ["state"], {
      determinants: [{ columns: ["city"], weight: 1 }],
      minShare: 0.9,
      minSupport: 5,
      write: "missing",
    }),
    step("fill_forward", ["points"]),
    step("strip_pattern", ["note"], { pattern: '"more"' }),
    step("fill_constant", ["status"], { value: "none" }),
    step("remove_duplicates", [], { by: "key", key: ["id"] }),
  ].map((one, i) => Object.assign(one, { id: `s${i + 1}` })),
});

async function profileOf(records: string, columns: string[]): Promise<unknown> {
  return profileTable({
    dataset: "table",
    fingerprint: "",
    source: parquet(records),
    columns,
    rows,
    options: ProfilingOptions.parse({}),
    ask,
    signal: undefined,
  });
}

const read = (file: string) => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

/** Peak memory in bytes of a process and its children, while it runs. */
function peakOf(pid: number): number {
  const kilobytes = Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean).map(Number),
  );
  return kilobytes * 1024 + children.reduce((sum, child) => sum + peakOf(child), 0);
}

async function fullRun(): Promise<{ ms: number; peakBytes: number }> {
  const main = fileURLToPath(new URL("../../dist/src/main.js", import.meta.url));
  const args = [
    "run",
    "--input",
    csv,
    "--output",
    join(folder, "out"),
    "--checkpoints",
    join(folder, "checkpoints"),
    "--quiet",
  ];
  let peakBytes = 0;
  const ms = await timed(async () => {
    const child = fork(main, args, { execArgv: [], stdio: "inherit" });
    const watch = setInterval(() => {
      if (child.pid && child.exitCode === null) peakBytes = Math.max(peakBytes, peakOf(child.pid));
    }, 200);
    const [code] = (await once(child, "exit")) as [number];
    clearInterval(watch);
    if (code !== 0) throw new Error(`run ended with ${code}`);
  });
  return { ms, peakBytes };
}

async function bench(asking: Ask): Promise<void> {
  await generate(csv);
  say(`${rows.toLocaleString("en")} rows x 12 columns, medians of 3`);
  const none = z.unknown();
  const summarize = await median(() =>
    asking({ sql: `SUMMARIZE SELECT * FROM read_csv(${literal(csv)})`, row: none }),
  );
  report("SUMMARIZE of the CSV", summarize);
  let staged = { recordsPath: "", columns: [] as string[] };
  const load = await median(async (round) => {
    const dataset = await loadDataset({
      name: "table",
      paths: [csv],
      read: {},
      folder: join(folder, `staged${round}`),
      ask,
    });
    staged = { recordsPath: dataset.recordsPath, columns: dataset.columns.map(({ name }) => name) };
  });
  report("load (with our own count of every byte)", load, summarize);
  report("profile", await median(() => profileOf(staged.recordsPath, staged.columns)), summarize);
  const copy = await median(() =>
    asking({
      sql: `COPY (FROM read_csv(${literal(csv)}, all_varchar=true)) TO ${literal(join(folder, "copy.parquet"))} (FORMAT parquet, COMPRESSION zstd)`,
      row: none,
    }),
  );
  report("plain COPY of the CSV to Parquet", copy);
  const apply = await median((round) =>
    executeRecipe({
      recipe,
      columns: staged.columns,
      source: parquet(staged.recordsPath),
      folder: join(folder, `tables${round}`),
      ask,
    }),
  );
  report("recipe of 15 operations, with change log", apply, copy);
  if (values["skip-run"]) return;
  const run = await fullRun();
  report("full run, all candidates, own process", run.ms);
  say(
    `${"peak memory of the full run, all its processes".padEnd(52)} ${(run.peakBytes / 2 ** 30).toFixed(2).padStart(7)} GiB`,
  );
}

try {
  await bench(ask);
} finally {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
}
