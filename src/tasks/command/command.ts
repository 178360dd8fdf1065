import { join, resolve } from "node:path";
import { z } from "zod";
import {
  bytesOf,
  Duration,
  durationMs,
  isWranglerError,
  Size,
  WranglerError,
} from "../../core/index.ts";
import type { TaskResults } from "../../orchestration/index.ts";
import { defineTaskKind, type TaskContext } from "../kind.ts";
import { checkedResults } from "../results.ts";
import { commandEnvironment } from "./environment.ts";
import { textOf } from "./kept-output.ts";
import { endLeftover } from "./leftover.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isAboutShell({ path }: { readonly path?: readonly PropertyKey[] | undefined }): boolean {
  return path?.[0] === "command" || path?.[0] === "shell";
}

const CommandOptions = z
  .strictObject({
    command: z
      .union([z.array(z.string()).min(1), z.string().min(1)])
      .describe(
        "The program and its arguments, as a list: no shell sees them. With `shell: true`, one text.",
      ),
    shell: z
      .boolean()
      .default(false)
      .describe("Have the system's shell run `command`, which is one text then."),
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
    stdin: z.string().default("").describe("Text for its standard input."),
    expectedExitCodes: z
      .array(z.int().min(0))
      .min(1)
      .default([0])
      .describe("Exit codes that mean success."),
    maxOutput: Size.default("10MB").describe(
      "What is kept of its output, and of its errors: `500KB`, `10MB`. The rest is only counted.",
    ),
    results: z
      .enum(["json", "none"])
      .default("none")
      .describe(
        "`json`: the last line of its output is a JSON map, whose entries become results of the task.",
      ),
    repeatable: z
      .boolean()
      .default(false)
      .describe(
        "Running it twice does no harm: when it was interrupted or killed, it is run again without asking.",
      ),
    killAfter: Duration.default("5s").describe(
      "How long it may take to end after it was told to; then it is killed with all that it started.",
    ),
  })
  .superRefine(
    ({ command, shell }, context) => {
      if (shell === (typeof command === "string")) return;
      const message = shell
        ? "with shell: true, expected one text"
        : "expected a list of the program and its arguments; a text needs shell: true";
      context.addIssue({ code: "custom", message, path: ["command"], input: command });
    },
    // also when other options are wrong by themselves
    { when: ({ value, issues }) => isObject(value) && !issues.some(isAboutShell) },
  );
type CommandOptions = z.infer<typeof CommandOptions>;

/** Of an output: what messages and results show. */
const TAIL_BYTES = 2_048;
/** Of an output whose last line is a map of results: that line has to be within it. */
const RESULT_TAIL_BYTES = 1_048_576;

/** What is recorded of a command that ended as expected. A type, since an interface is no Json. */
type Outcome = {
  exitCode: number;
  stdoutPath: string;
  stderrPath: string;
  stdoutTail: string;
  durationMs: number;
  /** Last line that is not blank, where results are read from it. */
  lastLine: string | null;
};

export const command = defineTaskKind({
  name: "command",
  description:
    "Runs a program; when the task is to end, the program and all that it started are ended.",
  options: CommandOptions,
  // A shell would run what stands in a result: there it comes by `env` or `stdin`.
  literal: ({ shell }) => (shell === true ? ["command"] : []),
  run: runCommand,
});

async function runCommand(context: TaskContext<CommandOptions>): Promise<TaskResults> {
  const { options, folder, log, task } = context;
  await endLeftover(noteOf(folder), durationMs(options.killAfter), log);
  const outcome = await once(context);
  if (!outcome) {
    // Settled by a person or by policy: nobody knows how it ended.
    return { exitCode: null, stdoutPath: null, stderrPath: null, stdoutTail: "", durationMs: null };
  }
  const { lastLine, ...results } = outcome;
  return lastLine === null ? results : { ...results, ...printedResults(lastLine, task) };
}

function noteOf(folder: string): string {
  return join(folder, "process.json");
}

/** Once or, when that does no harm, as often as it is asked for. */
async function once(context: TaskContext<CommandOptions>): Promise<Outcome | null> {
  if (context.options.repeatable) return perform(context, {});
  let started = false;
  return context.effect({
    name: "run",
    cause: (key) =>
      perform(context, { DATA_WRANGLER_EFFECT_KEY: key }, () => {
        started = true;
      }),
    mayHaveHappened: (error) => started && !hasHadItsSay(error),
  });
}

/** A program that ended by itself with a code; one that was ended, by whomever, may have done its work. */
function hasHadItsSay(error: unknown): boolean {
  return isWranglerError(error) && error.code === "COMMAND_FAILED" && "exitCode" in error.details;
}

async function perform(
  context: TaskContext<CommandOptions>,
  own: Readonly<Record<string, string>>,
  onStarted: () => void = () => {},
): Promise<Outcome> {
  const { options, folder, attempt, signal, log } = context;
  const end = await runProgram({
    command: options.command,
    cwd: resolve(context.configFolder, options.cwd),
    env: commandEnvironment(process.env, options.passEnv, {
      DATA_WRANGLER_RUN: context.runId,
      DATA_WRANGLER_ACCOUNT: context.account,
      DATA_WRANGLER_TASK: context.task,
      DATA_WRANGLER_SCHEDULED_AT: context.scheduledAt,
      ...own,
      ...options.env,
    }),
    stdin: options.stdin,
    stdoutPath: join(folder, `attempt-${attempt}.stdout.txt`),
    stderrPath: join(folder, `attempt-${attempt}.stderr.txt`),
    maxOutputBytes: bytesOf(options.maxOutput),
    tailBytes: options.results === "json" ? RESULT_TAIL_BYTES : TAIL_BYTES,
    killAfterMs: durationMs(options.killAfter),
    notePath: noteOf(folder),
    onStarted,
    signal,
    log,
  });
  const { stdout, stderr } = end;
  log.info(
    { exitCode: end.exitCode, signal: end.signal, stdout: stdout.bytes, stderr: stderr.bytes },
    "command ended",
  );
  if (end.exitCode === null || !options.expectedExitCodes.includes(end.exitCode)) {
    throw failed(options, end);
  }
  return {
    exitCode: end.exitCode,
    stdoutPath: stdout.path,
    stderrPath: stderr.path,
    stdoutTail: lastBytes(stdout.tail),
    durationMs: end.durationMs,
    lastLine: options.results === "json" ? (stdout.tail.trimEnd().split("\n").at(-1) ?? "") : null,
  };
}

function failed(options: CommandOptions, end: ProgramEnd): WranglerError {
  const { command: given, expectedExitCodes } = options;
  const program = typeof given === "string" ? given : (given[0] ?? "");
  const how =
    end.exitCode === null
      ? `was ended by ${end.signal}`
      : `ended with exit code ${end.exitCode}, not ${expectedExitCodes.join(" or ")}`;
  const said = lastBytes(end.stderr.tail).trim();
  const reason = `${program} ${how}.${said === "" ? "" : `\n${said}`}`;
  return new WranglerError("COMMAND_FAILED", reason, {
    stdoutPath: end.stdout.path,
    stderrPath: end.stderr.path,
    ...(end.exitCode === null ? { signal: String(end.signal) } : { exitCode: end.exitCode }),
  });
}

function lastBytes(tail: string): string {
  return textOf(Buffer.from(tail), TAIL_BYTES);
}

function printedResults(line: string, task: string): TaskResults {
  const at = `Last line that the command of task ${task} printed`;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    const reason = `${at}: expected a JSON map, but it is: ${line.slice(0, 200)}`;
    throw new WranglerError("RESULT_INVALID", reason, { task }, { cause });
  }
  return checkedResults(value, at);
}
