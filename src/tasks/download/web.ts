/** What the addresses of a task share: one client, and one session for each way to show who asks. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { durationMs, WranglerError } from "../../core/index.ts";
import { guardedClient, type HttpClient } from "../http/index.ts";
import type { Auth } from "./auth-options.ts";
import type { DownloadOptions } from "./options.ts";
import { type Session, sessionOf } from "./session.ts";

export interface Web {
  /** Made when it is first asked for. */
  client(): Promise<HttpClient>;
  session(auth: Auth | undefined): Promise<Session>;
  close(): Promise<void>;
}

/** @param signal - Ends logins, which several sources may wait for. */
export function webOf(options: DownloadOptions, configFolder: string, signal: AbortSignal): Web {
  const sessions = new Map<Auth | undefined, Session>();
  let made: Promise<HttpClient> | undefined;
  const make = async () =>
    guardedClient({
      ...(options.ca === undefined
        ? {}
        : { ca: await certificates(resolve(configFolder, options.ca)) }),
      allowPrivate: options.allowPrivate,
      allowDowngrade: options.allowDowngrade,
      maxRedirects: options.maxRedirects,
      connectTimeoutMs: durationMs(options.connectTimeout),
      headersTimeoutMs: durationMs(options.answerTimeout),
      bodyTimeoutMs: durationMs(options.idleTimeout),
    });
  const client = () => (made ??= make());
  return {
    client,
    async session(auth) {
      const own = await client();
      const session = sessions.get(auth) ?? sessionOf(own, auth, signal);
      sessions.set(auth, session);
      return session;
    },
    async close() {
      // One that could not be made has been told.
      const own = await made?.catch(() => undefined);
      await own?.close();
    },
  };
}

async function certificates(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const reason = `ca: expected a file with certificates: ${why}.`;
    throw new WranglerError("CONFIG_INVALID", reason, { path }, { cause });
  }
}
