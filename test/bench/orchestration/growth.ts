import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { foreseenDefinitions } from "../../helpers/foreseen-tasks.ts";
import type { ForeseenTask } from "../../helpers/reference-interpreter.ts";
import { workflowDefinition } from "../../helpers/workflow-definition.ts";
import { fullSaver, plainGraph, runPlain } from "./plain-langgraph.ts";
import { type Bench, bytesOf, goodTask, type Spent, timed, withRuns } from "./workbench.ts";

const SHAPES = {
  chain: (i: number) => (i === 0 ? [] : [`t${i - 1}`]),
  "fan-out": (i: number) => (i === 0 ? [] : ["t0"]),
};

type Measured = Spent & { readonly bytes: number };

/** Time, work and bytes of one durable task that does nothing, in workflows of growing size. */
export const growth: Bench = async ({ folder, quick, say }) => {
  const sizes = quick ? [100, 200] : [250, 500, 1_000, 2_000];
  say("\nper durable task that does nothing");
  say("  shape    tasks | ours ms   CPU µs   bytes | LangGraph ms   CPU µs   bytes");
  for (const shape of ["chain", "fan-out"] as const) {
    for (const size of sizes) {
      const tasks = Array.from({ length: size }, (_, i) => goodTask(`t${i}`, SHAPES[shape](i)));
      const own = join(folder, `${shape}-${size}`);
      const ours = await measureOurs(join(own, "ours"), tasks);
      const plain = await measurePlain(join(own, "plain"), tasks);
      const label = `${shape.padEnd(8)} ${String(size).padStart(5)}`;
      say(`  ${label} | ${perTask(ours, size)} | ${perTask(plain, size)}`);
    }
  }
};

async function measureOurs(folder: string, tasks: readonly ForeseenTask[]): Promise<Measured> {
  await mkdir(folder, { recursive: true });
  const spent = await withRuns(folder, {}, async (execute) => {
    const warm = workflowDefinition("warm", foreseenDefinitions([goodTask("a", [])]));
    await execute({ runId: "warm", workflow: warm, accounts: ["acme"] });
    const workflow = workflowDefinition("bench", foreseenDefinitions(tasks));
    return timed(() => execute({ runId: "bench", workflow, accounts: ["acme"] }));
  });
  return { ...spent, bytes: await bytesOf(join(folder, "checkpoints")) };
}

async function measurePlain(folder: string, tasks: readonly ForeseenTask[]): Promise<Measured> {
  await mkdir(folder, { recursive: true });
  const saver = fullSaver(join(folder, "plain.sqlite"));
  const spent = await timed(async () => runPlain(plainGraph(tasks, saver), "bench"));
  saver.db.close();
  return { ...spent, bytes: await bytesOf(folder) };
}

function perTask({ wallMs, cpuMs, bytes }: Measured, size: number): string {
  const cells = [
    (wallMs / size).toFixed(2).padStart(7),
    ((cpuMs * 1_000) / size).toFixed(0).padStart(8),
    (bytes / size).toFixed(0).padStart(7),
  ];
  return cells.join(" ");
}
