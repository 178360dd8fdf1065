import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createApp, type App, type ProgressEvent } from "../../../src/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { keptCheckpoints } from "./workflow-app.ts";

/** Sixty orders with units, null spellings and one value that must not leak into a log. */
const SECRET = "zq-4711-cell-value";
const ORDERS = `id,town,weight,note\n${Array.from({ length: 60 }, (_, i) => {
  const town = ["Graz", "Linz", "Wels"][i % 3];
  return `${1000 + i},${i === 7 ? ` ${town}` : town},${i + 1} kg,${i === 9 ? SECRET : `n${i % 4}`}`;
}).join("\n")}\n`;

function withApp(folder: string): App {
  const app = createApp({ checkpointsFolder: join(folder, "checkpoints"), cwd: folder });
  onTestFinished(() => app.close());
  return app;
}

async function orders(): Promise<string> {
  const folder = await withFolder();
  await writeFile(join(folder, "orders.csv"), ORDERS);
  return folder;
}

const REQUEST = { input: "orders.csv", output: "out" };

/** Direct children of this process. */
function children(): number[] {
  return readdirSync("/proc/self/task").flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

test("tells each stage once, in order, and what came of it", async () => {
  const folder = await orders();
  const events: ProgressEvent[] = [];
  const result = await withApp(folder).run(REQUEST, { onEvent: (event) => events.push(event) });
  expect(result.accounts).toMatchObject([
    {
      account: "default",
      status: "COMPLETED",
      datasets: [{ dataset: "orders", recordsIn: 60, rowsOut: 60 }],
    },
  ]);
  const finished = events.flatMap((event) =>
    event.type === "stage-finished" ? [event.stage] : [],
  );
  expect(finished).toEqual([
    "loading",
    "profiling",
    "transformation",
    "validation",
    "scoring",
    "ranking",
    "apply",
  ]);
  expect(events[0]).toMatchObject({ type: "run-started", resumed: false });
  expect(events.at(-1)).toMatchObject({ type: "run-finished", status: "COMPLETED" });
  const cleaned = await readFile(join(folder, "out", "cleaned.csv"), "utf8");
  expect(cleaned.split("\n")[8]).toBe("1007,Linz,8 kg,n3");
});

test("the same input and settings are answered from what stands", async () => {
  const folder = await orders();
  const app = withApp(folder);
  await app.run(REQUEST);
  const before = await stat(join(folder, "out", "cleaned.csv"));
  const again = await app.run(REQUEST);
  expect(again.accounts[0]?.datasets[0]).toMatchObject({
    reused: true,
    status: "COMPLETED",
    rowsOut: 60,
  });
  expect((await stat(join(folder, "out", "cleaned.csv"))).mtimeMs).toBe(before.mtimeMs);

  await writeFile(join(folder, "out", "cleaned.csv"), "damaged");
  const mended = await app.run(REQUEST);
  expect(mended.accounts[0]?.datasets[0]).toMatchObject({ reused: false });
  expect((await readFile(join(folder, "out", "cleaned.csv"), "utf8")).split("\n")).toHaveLength(62);
});

test("leaves no working file, no lock and no half-written output behind", async () => {
  const folder = await orders();
  const { run } = await withApp(folder).run(REQUEST);
  const kept = await readdir(join(folder, "checkpoints", "runs", run.runId), { recursive: true });
  expect(kept.toSorted()).toEqual([
    "log.jsonl",
    "report.html",
    "settings.json",
    "summary.json",
    "tasks.json",
    "work",
    "work/default",
  ]);
  const left = await readdir(join(folder, "out"));
  expect(left.filter((name) => name.startsWith(".") || name.endsWith(".tmp"))).toEqual([]);
});

test("state is small and JSON: what a checkpoint holds is what went in", async () => {
  const folder = await orders();
  const { run } = await withApp(folder).run(REQUEST);
  const kept = ["wrangler.sqlite", "accounts/default.sqlite"].map((file) =>
    keptCheckpoints(join(folder, "checkpoints", file)),
  );
  expect(
    kept.map((rows) => rows.map(({ thread, values }) => [thread, Object.keys(values)])),
  ).toEqual([
    [[run.runId, expect.arrayContaining(["summaries"])]],
    [[run.runId, expect.arrayContaining(["outcomes"])]],
  ]);
  for (const { text, values } of kept.flat()) {
    expect(text.length).toBeLessThan(20_000);
    // LangGraph marks whatever is not JSON by itself with "lc" constructors.
    expect(JSON.stringify(values)).not.toContain('"lc":');
  }
});

test("every line of the log names its run, and stages their account, dataset and stage; no cell value", async () => {
  const folder = await orders();
  const { run } = await withApp(folder).run(REQUEST);
  const text = await readFile(run.logPath, "utf8");
  const lines = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.every((line) => line["run"] === run.runId)).toBe(true);
  const stages = lines.filter(({ msg }) => String(msg).startsWith("stage "));
  expect(stages.length).toBeGreaterThanOrEqual(14);
  for (const line of stages) {
    expect(line).toMatchObject({
      account: "default",
      dataset: "orders",
      stage: expect.any(String),
    });
  }
  expect(text).not.toContain(SECRET);
});

test("an engine that dies in the middle is replaced; the run says so and goes on", async () => {
  const folder = await orders();
  const events: ProgressEvent[] = [];
  const others = new Set(children());
  const { accounts } = await withApp(folder).run(REQUEST, {
    onEvent(event) {
      events.push(event);
      if (event.type !== "stage-finished" || event.stage !== "profiling") return;
      for (const pid of children()) if (!others.has(pid)) process.kill(pid, "SIGKILL");
    },
  });
  expect(accounts[0]).toMatchObject({ status: "COMPLETED" });
  expect(events).toContainEqual(
    expect.objectContaining({
      type: "engine-replaced",
      account: "default",
      reason: "signal SIGKILL",
    }),
  );
});

test("accounts are selected by id; each has its own folders and engine", async () => {
  const folder = await orders();
  await writeFile(join(folder, "broken.csv"), Buffer.alloc(4096));
  await writeFile(
    join(folder, "pipeline.yaml"),
    `pipeline: { name: demo, version: "1" }
output: results
accounts:
  - { id: first, inputs: orders.csv }
  - { id: second, inputs: broken.csv }
  - { id: third, inputs: orders.csv }
`,
  );
  const app = withApp(folder);
  const two = await app.run({ configPath: "pipeline.yaml", accounts: ["first", "second"] });
  expect(two.accounts.map(({ account, status }) => [account, status])).toEqual([
    ["first", "COMPLETED"],
    ["second", "FAILED"],
  ]);
  expect(two.accounts[1]?.datasets[0]?.failure).toMatchObject({
    code: "INPUT_UNREADABLE",
    at: "second/broken",
    stack: expect.stringContaining("WranglerError"),
  });
  expect(await readdir(join(folder, "results"))).not.toContain("third");
  const report = await app.status(two.run.runId);
  expect(report.stages.find(({ status }) => status === "FAILED")).toMatchObject({
    account: "second",
    stage: "loading",
  });
  expect(report.run.status).toBe("FAILED");
});

/** A configuration that names columns to be predicted. */
const leakConfig = (targets: string) => `pipeline: { name: demo, version: "1" }
output: out-${targets.length}
validation: { targetColumns: [${targets}] }
accounts: [{ id: a, inputs: data.csv }]
`;

test("what leaks from a target column is not proposed", async () => {
  const folder = await withFolder();
  const rows = Array.from(
    { length: 120 },
    (_, i) => `${i},z${i % 6},${i === 5 ? "" : `t${i % 6}`}`,
  );
  await writeFile(join(folder, "data.csv"), `id,zone,label\n${rows.join("\n")}\n`);
  const app = withApp(folder);
  await writeFile(join(folder, "open.yaml"), leakConfig(""));
  await writeFile(join(folder, "closed.yaml"), leakConfig("zone"));
  const open = await app.run({ configPath: "open.yaml" });
  const closed = await app.run({ configPath: "closed.yaml" });
  expect(open.accounts[0]?.datasets[0]?.cellsChanged).toBe(1);
  expect(closed.accounts[0]?.datasets[0]?.cellsChanged).toBe(0);
});

test("an abort keeps what was finished, and the run can be resumed", async () => {
  const folder = await orders();
  const app = withApp(folder);
  const controller = new AbortController();
  const stopped = await app.run(REQUEST, {
    signal: controller.signal,
    onEvent: (event) => {
      if (event.type === "stage-finished" && event.stage === "profiling") controller.abort();
    },
  });
  const { run } = stopped;
  expect(stopped).toMatchObject({
    run: { status: "WAITING", endedAt: null },
    tasks: [{ task: "prepare", status: "IN_PROGRESS" }],
    accounts: [],
  });
  expect(await app.runs()).toMatchObject([{ status: "WAITING" }]);
  const started: string[] = [];
  const { accounts, tasks } = await app.resume(undefined, {
    onEvent: (event) => {
      if (event.type === "stage-started") started.push(event.stage);
    },
  });
  expect(tasks).toMatchObject([{ task: "prepare", failure: null }]);
  expect(accounts[0]).toMatchObject({ status: "COMPLETED" });
  expect(started).not.toContain("profiling");
  expect(await app.resume(run.runId)).toMatchObject({ run: { status: "COMPLETED" } });
});

test("a run that is not there is named", async () => {
  const folder = await withFolder();
  await mkdir(join(folder, "checkpoints"));
  const app = withApp(folder);
  await expect(app.status("nope")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
  await expect(app.resume()).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
  expect(await app.runs()).toEqual([]);
});
