import { join, resolve } from "node:path";
import { z } from "zod";
import { Duration, durationMs, WranglerError } from "../../core/index.ts";
import type { TaskResults } from "../../orchestration/index.ts";
import { commandEnvironment } from "../command/index.ts";
import { defineTaskKind, type TaskContext } from "../kind.ts";
import { identityOf } from "./identity.ts";
import { forgetNote, keepNote, noteIn, outputOf } from "./order-note.ts";

const RestartOptions = z.strictObject({
  command: z
    .array(z.string().min(1))
    .min(1)
    .describe("The program that restarts, and its arguments, as a list: no shell sees them."),
  cwd: z
    .string()
    .min(1)
    .default(".")
    .describe("Folder to run it in, relative to the configuration file."),
  env: z
    .record(z.string(), z.string())
    .default({})
    .describe("Environment variables, by name, over those that are handed on."),
  passEnv: z
    .array(z.string())
    .default([])
    .describe(
      "Environment variables of this process to hand on, beside PATH, HOME, LANG, TZ, TMPDIR and the like.",
    ),
  scope: z
    .enum(["machine", "service"])
    .default("machine")
    .describe(
      "What has to be another afterwards: the start of the machine, or the process that runs this.",
    ),
  within: Duration.default("5m").describe(
    "How long the process waits to be ended once the command was started; then the restart has failed.",
  ),
  maxPerDay: z
    .int()
    .min(1)
    .default(3)
    .describe(
      "Most restarts within 24 hours, of all tasks together: what restarts again and again is stopped.",
    ),
  dryRun: z.boolean().default(false).describe("Only log what would be run."),
});
type RestartOptions = z.infer<typeof RestartOptions>;

/** A type, since an interface is no Json. */
type Outcome = { outputPath: string | null };

export const restart = defineTaskKind({
  name: "restart",
  description:
    "Restarts the machine or the service: the run is made durable, a command started, and after it the run goes on.",
  options: RestartOptions,
  results: {
    restarted: "Whether it took place; null when a person or the policy settled it.",
    outputPath: "File with what the command printed; null when there is none.",
  },
  run: runRestart,
});

async function runRestart(context: TaskContext<RestartOptions>): Promise<TaskResults> {
  const { options, log } = context;
  if (options.dryRun) {
    log.info({ program: options.command[0], scope: options.scope }, "restart left out: dry run");
    return { restarted: false, outputPath: null };
  }
  const outcome = await context.effect<Outcome>({
    name: "restart",
    endsProcess: true,
    cause: () => handOver(context),
    probe: () => whetherDone(context),
  });
  return outcome ? { restarted: true, ...outcome } : { restarted: null, outputPath: null };
}

/**
 * Order the restart. It ends with this process; the next one asks {@link whetherDone}.
 *
 * @throws {WranglerError} RESTART_FAILED when one was ordered, and its command did not end the process.
 */
async function handOver(context: TaskContext<RestartOptions>): Promise<never> {
  const { options, folder, configFolder, attempt, ports, log } = context;
  const identity = await identityOf(options.scope);
  const before = await noteIn(folder);
  if (before?.identity === identity) {
    const said = await outputOf(before);
    await forgetNote(folder);
    if (said !== undefined) throw notDone(options, before.outputPath, said);
  }
  const outputPath = join(folder, `attempt-${attempt}.output.txt`);
  await keepNote(folder, { identity, outputPath });
  log.info({ program: options.command[0], scope: options.scope }, "handing over to a restart");
  return ports.handOver({
    command: options.command,
    cwd: resolve(configFolder, options.cwd),
    env: commandEnvironment(process.env, options.passEnv, {
      DATA_WRANGLER_RUN: context.runId,
      DATA_WRANGLER_ACCOUNT: context.account,
      DATA_WRANGLER_TASK: context.task,
      ...options.env,
    }),
    withinMs: durationMs(options.within),
    outputPath,
    maxPerDay: options.maxPerDay,
  });
}

async function whetherDone({
  options,
  folder,
}: TaskContext<RestartOptions>): Promise<
  { readonly done: true; readonly outcome: Outcome } | { readonly done: false }
> {
  const note = await noteIn(folder);
  if (!note || note.identity === (await identityOf(options.scope))) return { done: false };
  const said = await outputOf(note);
  // Served by the restart that another task had ordered, it has none of its own.
  return { done: true, outcome: { outputPath: said === undefined ? null : note.outputPath } };
}

function notDone(
  { command, scope, within }: RestartOptions,
  outputPath: string,
  said: string,
): WranglerError {
  const what = scope === "machine" ? "the machine" : "this process";
  const reason = `${command[0]} was started, and ${what} was the same ${within} later or when it had failed. What it printed is in ${outputPath}.${said === "" ? "" : `\n${said}`}`;
  return new WranglerError("RESTART_FAILED", reason, { outputPath, scope });
}
