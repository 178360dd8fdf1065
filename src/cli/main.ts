import { CommanderError } from "commander";
import { reportError, reportUsage, USAGE } from "./exit.ts";
import type { Host } from "./host.ts";
import { buildProgram } from "./program.ts";
import { type CommonFlags, Session } from "./session.ts";

/** Runs a command line (without node and script) and returns its exit status. Never throws. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  let status = 0;
  const program = buildProgram(
    async (flags, action) => {
      status = await perform(host, flags, action);
    },
    {
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
    },
  );
  try {
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    return error.code === "commander.help" ? USAGE : reportUsage(error, argv, host);
  }
}

/** Carries out an action: its status, or that of what went wrong in it or in closing. */
async function perform(
  host: Host,
  flags: CommonFlags,
  action: (session: Session) => Promise<number>,
): Promise<number> {
  const session = new Session(host, flags);
  try {
    return await closing(session, action);
  } catch (error) {
    return await reportError(error, session);
  }
}

/** The app is closed before an error is told, so that nothing is drawn or logged after it. */
async function closing(
  session: Session,
  action: (session: Session) => Promise<number>,
): Promise<number> {
  try {
    return await action(session);
  } finally {
    await session.close();
  }
}
