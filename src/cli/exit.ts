/** How a command ends when it fails: a message, what to do about it, an exit status. */
import type { CommanderError } from "commander";
import type { AccountSummary, RunResult } from "../orchestration/index.ts";
import type { Host } from "./host.ts";
import type { Session } from "./session.ts";

/** Exit status of a usage error. */
export const USAGE = 2;

/** Tells of an error and returns its exit status. */
export async function reportError(error: unknown, session: Session): Promise<number> {
  const { exitOf, failureOf, isWranglerError, WranglerError } = await import("../core/index.ts");
  const interrupted = session.signal.aborted && !isWranglerError(error);
  const known = interrupted ? new WranglerError("CANCELED", "", {}, { cause: error }) : error;
  const { code, message, remedy, stack } = failureOf(known, "");
  const details = isWranglerError(known) ? known.details : {};
  if (session.flags.json === true) {
    session.printJson({ ok: false, error: { code, message, remedy, details } });
  } else {
    const { printableLines } = await import("./render/summary.ts");
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
  return exitOf(known);
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
 * Exit status of a run: 0 when all went well, 130 when it was interrupted, 1 when something failed.
 * A run of a single input has no others that could have gone well: its failure's own status is told.
 */
export async function exitOfRun({ run, accounts }: RunResult): Promise<number> {
  if (run.status === "CANCELED") return 130;
  const failures = accounts.flatMap(failuresOf);
  const failed = failures.length > 0 || run.status === "FAILED";
  if (!failed) return 0;
  const [only] = failures;
  if (run.configPath !== null || only === undefined) return 1;
  const { ERRORS } = await import("../core/index.ts");
  return Object.entries(ERRORS).find(([code]) => code === only.code)?.[1].exit ?? 1;
}

function failuresOf({ failure, datasets }: AccountSummary): { readonly code: string }[] {
  return [...datasets.map((dataset) => dataset.failure), failure].filter((f) => f !== null);
}
