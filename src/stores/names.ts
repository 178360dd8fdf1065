import { WranglerError } from "../core/index.ts";

const RUN_ID = /^[A-Za-z0-9_-]{1,128}$/;

/** A run's id, which names rows and a folder. */
export function checkRunId(runId: unknown): string {
  if (typeof runId === "string" && RUN_ID.test(runId)) return runId;
  throw refused("a run id of letters, digits, _ and -", runId);
}

/** An account's name, which names a file: one segment of a path. */
export function checkAccount(account: unknown): string {
  const isSegment =
    typeof account === "string" &&
    account !== "" &&
    account !== "." &&
    account !== ".." &&
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    !/[/\\\u0000-\u001f]/.test(account);
  if (isSegment) return account;
  throw refused("an account name that is one segment of a path", account);
}

/** A text on its way to SQL; anything else, such as an object of a caller without types, is refused. */
export function checkText(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw refused(`a text as ${what}`, value);
}

/** The run that a LangGraph thread belongs to: threads are named `RUN` or `RUN.ROUND`. */
export function runOfThread(threadId: string): string {
  const dot = threadId.indexOf(".");
  return checkRunId(dot === -1 ? threadId : threadId.slice(0, dot));
}

function refused(expected: string, value: unknown): WranglerError {
  const came = typeof value === "string" ? JSON.stringify(value) : typeof value;
  return new WranglerError("INTERNAL", `Expected ${expected}, got ${came}.`);
}
