import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 } from "../../../src/core/index.ts";
import { type App, createApp, type RunResult } from "../../../src/index.ts";
import { type Delay, delayOf, delayText } from "./event-loop-delay.ts";
import { type Bench, quantile } from "./workbench.ts";

const ORDERS = fileURLToPath(
  new URL("../../../examples/quickstart/data/orders.csv", import.meta.url),
);
const WORK = `import { setTimeout as sleep } from "node:timers/promises";

export const small = ({ signal }) => sleep(10, {}, { signal });
export const hang = ({ signal }) => sleep(3_600_000, {}, { signal });
export function fail() {
  throw new Error("told to fail");
}
`;
const FAILING = 50;

interface Measured extends Delay {
  readonly wallMs: number;
  /** Hash of each output file by its path. */
  readonly outputs: ReadonlyMap<string, string>;
}

interface Place {
  readonly app: App;
  readonly folder: string;
  /** Tasks of the run that floods. */
  readonly flood: number;
}

/** A run that prepares the quickstart's orders, through the tool as users have it: alone, and beside three others. */
export const isolationOfPrepare: Bench = async ({ folder: root, quick, say }) => {
  const repeats = quick ? 3 : 7;
  const folder = join(root, "prepare");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "work.mjs"), WORK);
  const app = createApp({ checkpointsFolder: join(folder, "checkpoints"), cwd: folder });
  const place = { app, folder, flood: quick ? 100 : 500 };
  const alone: Measured[] = [];
  const together: Measured[] = [];
  const others: number[] = [];
  try {
    await prepare(place, "warm");
    for (let i = 0; i < repeats; i++) {
      alone.push(await prepare(place, `alone-${i}`));
      const beside = await besideOthers(place, `beside-${i}`);
      together.push(beside.own);
      others.push(beside.floodMs);
    }
  } finally {
    await app.close();
  }
  const ratio = middle(together) / middle(alone);
  say(
    `\nisolation: a run of one prepare, median of ${repeats}; load ${loadavg()[0]?.toFixed(1)}\n` +
      `  alone ${middle(alone).toFixed(0)} ms, beside one that hangs, ${place.flood} small tasks and ${FAILING} that fail ` +
      `${middle(together).toFixed(0)} ms: ratio ${ratio.toFixed(3)}\n` +
      `  the small tasks were done after ${quantile(others, 0.5).toFixed(0)} ms\n` +
      `  outputs: ${outputsText(alone, together)}\n` +
      `  delay of the event loop, medians of the runs:\n` +
      `    alone                ${delayText(alone)}\n` +
      `    beside three others  ${delayText(together)}`,
  );
};

function middle(runs: readonly Measured[]): number {
  return quantile(
    runs.map(({ wallMs }) => wallMs),
    0.5,
  );
}

/** Whether each file has the same bytes after each run. What differs between runs alone is not due to others. */
function outputsText(alone: readonly Measured[], together: readonly Measured[]): string {
  const all = [...alone, ...together];
  const names = [...new Set(all.flatMap(({ outputs }) => [...outputs.keys()]))];
  const differ = (runs: readonly Measured[], name: string) =>
    new Set(runs.map(({ outputs }) => outputs.get(name))).size > 1;
  const anyway = names.filter((name) => differ(alone, name));
  const beside = names.filter((name) => differ(all, name) && !anyway.includes(name));
  const same = names.length - anyway.length - beside.length;
  return [
    `${same} files with the same bytes each time`,
    ...(anyway.length > 0 ? [`different in each run, alone too: ${anyway.join(", ")}`] : []),
    ...(beside.length > 0 ? [`DIFFERENT beside others: ${beside.join(", ")}`] : []),
  ].join("; ");
}

/** The run that is measured. Its output folder is new: an equal one there would be taken over. */
async function prepare(place: Place, name: string): Promise<Measured> {
  const output = join(place.folder, "out", name);
  const start = performance.now();
  const delay = await delayOf(async () => {
    const { run } = await runOf(place, {
      name,
      account: "own",
      output,
      tasks: { orders: { kind: "prepare", inputs: [ORDERS] } },
    });
    if (run.status !== "COMPLETED") throw new Error(`${name} ended ${run.status}`);
  });
  return { ...delay, wallMs: performance.now() - start, outputs: await hashesOf(output) };
}

async function besideOthers(place: Place, name: string) {
  const stop = new AbortController();
  const start = performance.now();
  const many = (count: number, of: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, moduleTask(of)]));
  const other = (account: string, tasks: Tasks, signal?: AbortSignal) =>
    runOf(place, { name: `${name}-${account}`, account, tasks }, signal);
  const hanging = other("hanging", { hangs: moduleTask("hang") }, stop.signal);
  const flooding = other("flooding", many(place.flood, "small")).then(
    () => performance.now() - start,
  );
  const failing = other("failing", many(FAILING, "fail"));
  const own = await prepare(place, name);
  const [floodMs] = await Promise.all([flooding, failing]);
  stop.abort(new Error("It hangs."));
  await hanging;
  return { own, floodMs };
}

function moduleTask(name: string) {
  return { kind: "module", path: "work.mjs", export: name, retry: 1 };
}

type Tasks = Readonly<Record<string, object>>;

interface Asked {
  readonly name: string;
  readonly account: string;
  readonly output?: string;
  readonly tasks: Tasks;
}

/** JSON is YAML. */
async function runOf(
  { app, folder }: Place,
  { name, account, output = join(folder, "out"), tasks }: Asked,
  signal?: AbortSignal,
): Promise<RunResult> {
  const configPath = join(folder, `${name}.yaml`);
  const config = { output, workflows: { [account]: { tasks } }, accounts: [{ id: account }] };
  await writeFile(configPath, JSON.stringify(config));
  return app.run({ configPath }, signal ? { signal } : {});
}

async function hashesOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const hashed = paths.map(
    async (path) => [relative(folder, path), sha256(await readFile(path))] as const,
  );
  return new Map(await Promise.all(hashed));
}
