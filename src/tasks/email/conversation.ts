/** A conversation with a mail server, from its greeting to the leave-taking. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import { durationMs, keepMasked, WranglerError } from "../../core/index.ts";
import { mailErrorOf } from "./mail-error.ts";
import { type MailServer, placeOf } from "./mail-server.ts";

export interface ConversationTerms {
  /** Absolute folder that `ca` starts from. */
  readonly configFolder: string;
  readonly signal: AbortSignal;
}

/** How long the server has to answer our leave-taking. */
const QUIT_MS = 2_000;

/**
 * Connect, encrypt, log in, talk, take leave. Whatever ends the conversation early rejects, also
 * while `talk` waits for an answer.
 *
 * @throws {WranglerError} EMAIL_FAILED, EMAIL_REFUSED, EMAIL_INVALID for `ca`; what the signal aborts
 *   with; what `talk` throws
 */
export async function withMailServer<T>(
  server: MailServer,
  { configFolder, signal }: ConversationTerms,
  talk: (connection: SMTPConnection) => Promise<T>,
): Promise<T> {
  const place = placeOf(server);
  const ca = await trusted(server.ca, configFolder);
  const connection = await connectionTo(server, ca);
  signal.throwIfAborted();
  let isDone = false;
  const isOver = new AbortController();
  const broken = new Promise<never>((_resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true, signal: isOver.signal });
    // Both may come more than once, and after all is over.
    connection.on("error", reject);
    connection.on("end", () => reject(new Error("The server closed the connection")));
  });
  try {
    const result = await Promise.race([broken, conversation(connection, server, talk)]);
    isDone = true;
    return result;
  } catch (error) {
    throw mailErrorOf(error, place);
  } finally {
    isOver.abort();
    if (isDone) takeLeave(connection);
    else connection.close();
  }
}

async function conversation<T>(
  connection: SMTPConnection,
  { user, password }: MailServer,
  talk: (connection: SMTPConnection) => Promise<T>,
): Promise<T> {
  await answered((done) => connection.connect(done));
  if (user !== undefined && password !== undefined) {
    const credentials = { user, pass: password };
    await answered((done) => connection.login({ user, credentials }, done));
  }
  return talk(connection);
}

/** Wait for one of the library's callbacks. */
function answered(ask: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolved, reject) => {
    ask((error) => (error ? reject(error) : resolved()));
  });
}

async function connectionTo(server: MailServer, ca: string | undefined): Promise<SMTPConnection> {
  const { host, port, tls } = placeOf(server);
  const { user = "", password } = server;
  if (password !== undefined) {
    keepMasked(password);
    // As it goes over the wire, should the server say it back.
    keepMasked(Buffer.from(`\0${user}\0${password}`).toString("base64"));
  }
  const timeoutMs = durationMs(server.timeout);
  const { default: Connection } = await import("nodemailer/lib/smtp-connection");
  return new Connection({
    host,
    port,
    secure: tls === "required",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "none",
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    tls: { minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) },
  });
}

async function trusted(ca: string | undefined, folder: string): Promise<string | undefined> {
  if (ca === undefined) return undefined;
  const path = resolve(folder, ca);
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const reason = `server.ca: expected a file with certificates: ${why}.`;
    throw new WranglerError("EMAIL_INVALID", reason, { path }, { cause });
  }
}

/** Nobody waits for it: what was to be said is said. */
function takeLeave(connection: SMTPConnection): void {
  const timer = setTimeout(() => connection.close(), QUIT_MS);
  connection.once("end", () => clearTimeout(timer));
  connection.quit();
}
