import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { exists, Json, WranglerError } from "../../core/index.ts";
import type { TaskResults } from "../../orchestration/index.ts";
import { defineTaskKind, type TaskContext } from "../kind.ts";
import { checkedResults } from "../results.ts";

const ModuleOptions = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe("The ES module with the function, relative to the configuration file."),
  export: z
    .string()
    .min(1)
    .optional()
    .describe("Name that the function is exported by; `default`, else `run`, when left out."),
  with: z.record(z.string(), Json).default({}).describe("What the function is given as `options`."),
});
type ModuleOptions = z.infer<typeof ModuleOptions>;

/** What a module's function is given: a task's context, with `with` as its options. */
export type ModuleContext = TaskContext<ModuleOptions["with"]>;

/**
 * A user's own function as a task.
 *
 *     // tasks/count.js
 *     export default async function ({ options, signal, log, effect }) {
 *       const answer = await fetch(options.url, { signal });
 *       return { rows: (await answer.json()).length };
 *     }
 *
 *     # pipeline.yaml
 *     count: { kind: module, path: tasks/count.js, with: { url: "https://example.com/rows" } }
 *
 * It gets a {@link ModuleContext} and gives back a map of plain JSON, or nothing. What it throws
 * fails the attempt; a field `errorClass` on the error says how it is retried. It has to pass
 * `signal` on or heed it: work that goes on after it aborted is abandoned. What must not happen
 * twice goes through `effect`. A module is loaded once per process.
 */
export const module = defineTaskKind({
  name: "module",
  description: "Runs a function of a user's own ES module.",
  options: ModuleOptions,
  files: ["path"],
  run: runModule,
});

async function runModule(context: TaskContext<ModuleOptions>): Promise<TaskResults> {
  const { path, export: name, with: options } = context.options;
  const file = resolve(context.configFolder, path);
  const work = await loaded(file, name);
  const given: ModuleContext = { ...context, options };
  return checkedResults(await work(given), `What ${file} gave back`);
}

async function loaded(
  file: string,
  name: string | undefined,
): Promise<(context: ModuleContext) => unknown> {
  if (!(await exists(file))) {
    throw new WranglerError("MODULE_INVALID", `No such file: ${file}`, { path: file });
  }
  const names = name === undefined ? ["default", "run"] : [name];
  const exported = await load(file);
  const work = names.map((one) => exported[one]).find(isFunction);
  if (work) return work;
  const there = Object.keys(exported).toSorted().join(", ") || "nothing";
  const reason = `${file}: expected a function exported as ${names.join(" or ")}; it exports ${there}.`;
  throw new WranglerError("MODULE_INVALID", reason, { path: file });
}

async function load(file: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WranglerError("MODULE_INVALID", `${file}: ${reason}`, { path: file }, { cause });
  }
}

function isFunction(value: unknown): value is (context: ModuleContext) => unknown {
  return typeof value === "function";
}
