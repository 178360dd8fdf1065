/** How a command ends when it fails: a message, what to do about it, an exit status. */
import type { CommanderError } from "commander";
import type { HealthCheck, RunResult, ServiceEnd } from "../orchestration/index.ts";
import type { Host } from "./host.ts";
import type { Interruption } from "./interruption.ts";
import type { Session } from "./session.ts";

/** Exit status of a usage error. */
export const USAGE = 2;

/** Exit status of a run that waits to be resumed or for a person, and of a service that is to be started anew. */
const TRY_AGAIN = 75;

/** Exit status of a configuration that does not hold. */
const CONFIGURATION = 78;

/** Tells of an error and returns its exit status. */
export async function reportError(error: unknown, session: Session): Promise<number> {
  const { exitOf, failureOf, isWranglerError, WranglerError } = await import("../core/index.ts");
  const { status } = session.interruption;
  const interrupted = status !== undefined && !isWranglerError(error);
  const known = interrupted ? new WranglerError("CANCELED", "", {}, { cause: error }) : error;
  const { code, message, remedy, stack } = failureOf(known, "");
  const details = isWranglerError(known) ? known.details : {};
  if (session.flags.json === true) {
    session.printJson({ ok: false, error: { code, message, remedy, details } });
  } else {
    const { printableLines } = await import("./printable.ts");
    const style = session.errorStyle;
    const trace =
      session.flags.verbose === true && stack !== undefined ? [printableLines(stack)] : [];
    const lines = [
      `${style.red(`error ${code}:`)} ${printableLines(message)}`,
      `what to do: ${remedy}`,
      ...trace,
    ];
    session.host.stderr.write(`${lines.join("\n")}\n`);
  }
  return code === "CANCELED" ? (status ?? exitOf(known)) : exitOf(known);
}

/** Tells of a command line that is not understood. `argv` may ask for JSON. */
export function reportUsage(
  error: CommanderError,
  argv: readonly string[],
  { stdout, stderr }: Host,
): number {
  const message = error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  const remedy = "See data-wrangler --help, or --help after a command.";
  if (argv.includes("--json")) {
    const body = { ok: false, error: { code: "USAGE", message, remedy, details: {} } };
    stdout.write(`${JSON.stringify(body, null, 2)}\n`);
  } else {
    stderr.write(`error USAGE: ${message}\nwhat to do: ${remedy}\n`);
  }
  return USAGE;
}

/**
 * Exit status of a run: 0 when all went well; 1 when something failed or it was canceled; when it
 * waits to be resumed, that of the interruption that it waits for, else 75.
 * A run of a single input has no others that could have gone well: its failure's own status is told.
 *
 * @param interrupted Exit status of an interruption of this command, if there was one.
 */
export async function exitOfRun(result: RunResult, interrupted?: number): Promise<number> {
  const { run } = result;
  if (run.status === "WAITING" || run.status === "RUNNING") return interrupted ?? TRY_AGAIN;
  const codes = failuresOf(result);
  if (run.status === "COMPLETED" && codes.length === 0) return 0;
  const [only] = codes;
  if (run.configPath !== null || run.status === "CANCELED" || only === undefined) return 1;
  const { ERRORS } = await import("../core/index.ts");
  return Object.entries(ERRORS).find(([code]) => code === only)?.[1].exit ?? 1;
}

/**
 * Exit status of a service: 0 when it was drained, whoever asked for it, since that is how it ends
 * well; that of the interruption when it had to end at once; 75 when it hands over to a restart, so
 * that a supervisor which starts what failed brings it back.
 */
export function exitOfService({ reason }: ServiceEnd, interruption: Interruption): number {
  if (reason === "handed-over") return TRY_AGAIN;
  return interruption.signal.aborted ? (interruption.status ?? 1) : 0;
}

/** Exit status of `doctor`: 78 when the configuration does not hold, 1 when anything else is failing. */
export function exitOfChecks(checks: readonly HealthCheck[]): number {
  const failing = checks.filter(({ level }) => level === "failing");
  if (failing.length === 0) return 0;
  return failing.some(({ name }) => name === "configuration") ? CONFIGURATION : 1;
}

/** Codes of all failures, those of datasets first: they say more than those of their tasks. */
function failuresOf({ accounts, tasks }: RunResult): string[] {
  return [
    ...accounts.flatMap(({ datasets }) => datasets.map(({ failure }) => failure)),
    ...accounts.map(({ failure }) => failure),
    ...tasks.filter(({ status }) => status === "FAILED").map(({ failure }) => failure),
  ].flatMap((failure) => (failure === null ? [] : [failure.code]));
}
