/** A connection to an SFTP server whose key is known. */
import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import type { SFTPWrapper } from "ssh2";
import { durationMs, masked, WranglerError } from "../../core/index.ts";
import { addressGuard, checkedSocket } from "../http/index.ts";
import { failed } from "./failures.ts";
import type { Job } from "./job.ts";
import { isForbidden, type Remote, remoteOf } from "./remote.ts";
import type { SftpSource } from "./source-options.ts";

type Server = SftpSource["sftp"];

/** How often to ask a server that is silent whether it is there, and how often in vain. */
const KEEPALIVE_MS = 15_000;
const KEEPALIVE_COUNT = 4;

/**
 * Work with an SFTP server; the connection ends with the work, or with the signal.
 *
 * @throws {WranglerError} ADDRESS_REFUSED, HOST_KEY_WRONG; DOWNLOAD_REFUSED when the server does not
 *   let us in, DOWNLOAD_FAILED when it cannot be reached or goes away; what the signal aborted with
 */
export async function withSftp<T>(
  { options }: Job,
  server: Server,
  signal: AbortSignal,
  work: (remote: Remote) => Promise<T>,
): Promise<T> {
  const { host, port } = server;
  const what = shownServer(server);
  const timeoutMs = durationMs(options.connectTimeout);
  const guard = addressGuard(options.allowPrivate);
  const socket = await checkedSocket({ host, port, timeoutMs, signal }, guard);
  const end = () => void socket.destroy();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  try {
    const sftp = await opened(socket, server, timeoutMs);
    const remote = remoteOf(sftp, durationMs(options.idleTimeout));
    const gone = () => remote.end(failed(`${what}: the connection ended.`));
    socket.once("close", gone);
    if (socket.destroyed) gone();
    return await work(remote);
  } catch (error) {
    signal.throwIfAborted();
    throw told(error, what);
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

export function shownServer({ host, port }: Server): string {
  return `sftp://${host.includes(":") ? `[${host}]` : host}${port === 22 ? "" : `:${port}`}`;
}

async function opened(sock: Socket, server: Server, readyTimeout: number): Promise<SFTPWrapper> {
  // Loaded when it is needed: most downloads go without it.
  const { default: Client } = await import("ssh2-sftp-client");
  // What goes wrong is told by whatever is under way; the library would print it besides.
  const client = new Client("", { error: () => {}, end: () => {}, close: () => {} });
  const { user: username, password, privateKey, passphrase } = server;
  let wrongKey: WranglerError | undefined;
  if (password !== undefined) {
    // Servers that take passwords only as an answer to a question.
    client.on("keyboard-interactive", (...[, , , prompts, answer]: Interactive) => {
      answer(prompts.map(() => password));
    });
  }
  try {
    return await client.connect({
      sock,
      username,
      readyTimeout,
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: KEEPALIVE_COUNT,
      hostVerifier: (key: Buffer) => {
        wrongKey = flawOfKey(key, server);
        return wrongKey === undefined;
      },
      ...(password === undefined ? {} : { password, tryKeyboard: true }),
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (error) {
    throw wrongKey ?? error;
  }
}

type Interactive = [
  name: string,
  instructions: string,
  language: string,
  prompts: readonly unknown[],
  answer: (answers: string[]) => void,
];

function flawOfKey(key: Buffer, server: Server): WranglerError | undefined {
  const { hostKey, allowAnyHostKey } = server;
  const found = createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
  if (hostKey === undefined && allowAnyHostKey) return undefined;
  if (hostKey?.replace(/^SHA256:/, "").replace(/=+$/, "") === found) return undefined;
  // The key begins with the length of its kind, and its kind.
  const kind = key.subarray(4, 4 + key.readUInt32BE(0)).toString("latin1");
  const reason = `${shownServer(server)}: expected ${hostKey}, got SHA256:${found} (${kind}).`;
  return new WranglerError("HOST_KEY_WRONG", reason, { host: server.host });
}

/** Errors of the library, which tells most of them by their text only. */
function told(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || error.name === "WranglerError") return error;
  const code: unknown = Reflect.get(error, "code");
  const text = masked(error.message);
  if (isForbidden(error) || /authentication methods failed/i.test(text)) {
    return new WranglerError("DOWNLOAD_REFUSED", `${what}: ${text}`, {}, { cause: error });
  }
  if (/privateKey|passphrase/i.test(text)) {
    const reason = `${what}: the private key cannot be read with the passphrase given.`;
    return new WranglerError("CONFIG_INVALID", reason);
  }
  const isOfServer = typeof code !== "string" || !/^E(?:ACCES|NOSPC|ROFS|DQUOT|PERM)$/.test(code);
  return isOfServer ? failed(`${what}: ${text}`, {}, { cause: error }) : error;
}
