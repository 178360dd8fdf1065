/** What went wrong between us and a mail server, by its code, its answer, and when it came. */
import { isWranglerError, masked, WranglerError } from "../../core/index.ts";
import type { ServerPlace } from "./mail-server.ts";

/** Of what a server says, in messages. */
const MAX_ANSWER = 400;

/**
 * A failure as EMAIL_REFUSED when the server answered for good (5xx) or cannot take the message, else
 * as EMAIL_FAILED, which may be tried again. Errors of ours and aborts stay as they are.
 */
export function mailErrorOf(error: unknown, { host, port }: ServerPlace): unknown {
  if (!(error instanceof Error) || isWranglerError(error) || error.name === "AbortError") {
    return error;
  }
  const code = textOf(error, "code");
  const command = textOf(error, "command");
  const responseCode = responseCodeOf(error);
  const said = masked(error.message).slice(0, MAX_ANSWER);
  const reason = `${host}:${port}${command === "" ? "" : `, ${command}`}: ${said}`;
  return new WranglerError(
    isFinal(code, responseCode) ? "EMAIL_REFUSED" : "EMAIL_FAILED",
    reason,
    { host, port, command, ...(responseCode === undefined ? {} : { responseCode }) },
    { cause: withoutSecrets(error) },
  );
}

/** The three digits of a server's answer; undefined when none came. */
export function responseCodeOf(error: unknown): number | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, "responseCode") : undefined;
  return typeof code === "number" && code >= 200 && code < 600 ? code : undefined;
}

function isFinal(code: string, responseCode: number | undefined): boolean {
  // Encryption that a server cannot do today it may be able to do tomorrow, or somebody is in between.
  if (code === "ETLS") return false;
  if (responseCode !== undefined) return responseCode >= 500;
  // Without an answer: no way to log in, or a message above the size that the server has named.
  return code === "EAUTH" || code === "EMESSAGE";
}

/** The cause as logs may show it: the library's error carries whatever the server sent. */
function withoutSecrets(error: Error): Error {
  const plain = new Error(masked(error.message).slice(0, MAX_ANSWER));
  plain.name = error.name;
  const code = textOf(error, "originalCode") || textOf(error, "code");
  return code === "" ? plain : Object.assign(plain, { code });
}

function textOf(error: Error, field: string): string {
  const value: unknown = Reflect.get(error, field);
  return typeof value === "string" ? value : "";
}
