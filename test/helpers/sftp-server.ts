import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
  statSync,
  unlinkSync,
} from "node:fs";
import type { Socket } from "node:net";
import { join, normalize } from "node:path";
import ssh2, { type AuthContext, type Connection, type SFTPWrapper } from "ssh2";
import { onTestFinished } from "vitest";

const { Server, utils } = ssh2;
const { STATUS_CODE } = utils.sftp;

export interface SftpServerOptions {
  /** How `me` gets in; by `secret` when left out. It settles keyboard-interactive logins by itself. */
  readonly letsIn?: (context: AuthContext) => boolean;
  /** Breaks the connection, once, when this many bytes of files were sent. */
  cutAfterBytes?: number;
  /** Called before each answer, with the request and its path. */
  readonly before?: (request: string, path: string) => void;
  /** Answers nothing to requests of this kind. */
  readonly silentAt?: string;
  /** Names that folders have besides what is in them. */
  readonly madeUpNames?: readonly string[];
}

export interface SftpServer {
  readonly port: number;
  /** As `ssh-keygen -lf` shows it. */
  readonly hostKey: string;
  /** Requests for files, as `open /out/a.csv`. */
  readonly requests: readonly string[];
}

const METHODS: ("password" | "publickey" | "keyboard-interactive")[] = [
  "password",
  "publickey",
  "keyboard-interactive",
];
const HOST_KEY = utils.generateKeyPairSync("ed25519");

/** A real SFTP server on loopback over a folder, for the user `me`; it ends with the test. */
export async function startSftpServer(
  root: string,
  options: SftpServerOptions = {},
): Promise<SftpServer> {
  const requests: string[] = [];
  const clients = new Set<Connection>();
  const letsIn = options.letsIn ?? ((context) => isPassword(context, "secret"));
  const server = new Server({ hostKeys: [HOST_KEY.private] }, (client) => {
    clients.add(client);
    // Known to the library, not to its types.
    (client as unknown as Pick<Socket, "setNoDelay">).setNoDelay(true);
    client.on("error", () => {});
    client.on("close", () => clients.delete(client));
    client.on("authentication", (context) => {
      if (context.username !== "me") context.reject(METHODS);
      else if (letsIn(context)) context.accept();
      else if (context.method !== "keyboard-interactive") context.reject(METHODS);
    });
    client.on("session", (accept) => {
      accept().on("sftp", (acceptSftp) => serve(acceptSftp(), root, { options, requests, client }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const client of clients) client.end();
    server.close();
    await once(server, "close");
  });
  const address = server.address();
  const key = utils.parseKey(HOST_KEY.public);
  if (key instanceof Error) throw key;
  const print = createHash("sha256").update(key.getPublicSSH()).digest("base64");
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    hostKey: `SHA256:${print.replace(/=+$/, "")}`,
    requests,
  };
}

function isPassword(context: AuthContext, password: string): boolean {
  if (context.method === "keyboard-interactive") context.reject();
  return context.method === "password" && context.password === password;
}

interface Served {
  readonly options: SftpServerOptions;
  readonly requests: string[];
  readonly client: Connection;
}

interface Handle {
  readonly path: string;
  readonly file?: number;
  entries?: readonly string[];
}

function serve(sftp: SFTPWrapper, root: string, { options, requests, client }: Served): void {
  const handles = new Map<number, Handle>();
  let sent = 0;
  let isCut = false;
  let next = 0;
  const here = (path: string) => join(root, normalize(`/${path}`));
  const handleOf = (buffer: Buffer) => handles.get(buffer.readUInt32BE(0))!;
  const opened = (id: number, handle: Handle) => {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32BE(next);
    handles.set(next++, handle);
    sftp.handle(id, buffer);
  };
  /** Answer, or tell what went wrong with it. */
  const respond = (kind: string, id: number, path: string, answer: () => void) => {
    requests.push(`${kind} ${path}`);
    if (options.silentAt === kind) return;
    try {
      options.before?.(kind, path);
      answer();
    } catch (error) {
      const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
      const status =
        code === "ENOENT"
          ? STATUS_CODE.NO_SUCH_FILE
          : code === "EACCES"
            ? STATUS_CODE.PERMISSION_DENIED
            : STATUS_CODE.FAILURE;
      sftp.status(id, status, String(error));
    }
  };
  sftp.on("REALPATH", (id, path) => {
    const filename = normalize(`/${path}`);
    sftp.name(id, [{ filename, longname: filename, attrs: attributes(statSync(root)) }]);
  });
  sftp.on("STAT", (id, path) => {
    respond("stat", id, path, () => sftp.attrs(id, attributes(statSync(here(path)))));
  });
  sftp.on("LSTAT", (id, path) => {
    respond("lstat", id, path, () => sftp.attrs(id, attributes(lstatSync(here(path)))));
  });
  sftp.on("OPEN", (id, path) => {
    respond("open", id, path, () => opened(id, { path, file: openSync(here(path), "r") }));
  });
  sftp.on("OPENDIR", (id, path) => {
    respond("opendir", id, path, () => {
      opened(id, { path, entries: [...readdirSync(here(path)), ...(options.madeUpNames ?? [])] });
    });
  });
  sftp.on("REMOVE", (id, path) => {
    respond("remove", id, path, () => {
      unlinkSync(here(path));
      sftp.status(id, STATUS_CODE.OK);
    });
  });
  sftp.on("FSTAT", (id, buffer) => {
    sftp.attrs(id, attributes(fstatSync(handleOf(buffer).file!)));
  });
  sftp.on("READ", (id, buffer, offset, length) => {
    const { file, path } = handleOf(buffer);
    if (isCut) return;
    const { cutAfterBytes } = options;
    if (cutAfterBytes !== undefined && sent >= cutAfterBytes) {
      isCut = true;
      delete options.cutAfterBytes;
      client.end();
      return;
    }
    respond("read", id, path, () => {
      const piece = Buffer.alloc(Math.min(length, 32_768));
      const bytes = readSync(file!, piece, 0, piece.length, offset);
      sent += bytes;
      if (bytes === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, piece.subarray(0, bytes));
    });
  });
  sftp.on("READDIR", (id, buffer) => {
    const handle = handleOf(buffer);
    const { entries = [], path } = handle;
    handle.entries = [];
    if (entries.length === 0) return sftp.status(id, STATUS_CODE.EOF);
    return sftp.name(
      id,
      entries.map((filename) => ({
        filename,
        longname: filename,
        attrs: attributes(lstatSync(here(`${path}/${filename}`), { throwIfNoEntry: false })),
      })),
    );
  });
  sftp.on("CLOSE", (id, buffer) => {
    const { file } = handleOf(buffer);
    handles.delete(buffer.readUInt32BE(0));
    if (file !== undefined) closeSync(file);
    sftp.status(id, STATUS_CODE.OK);
  });
}

function seconds(ms: number): number {
  return Math.floor(ms / 1_000);
}

function attributes(stats: Stats | undefined) {
  const { mode = 0o100_644, uid = 0, gid = 0, size = 0, atimeMs = 0, mtimeMs = 0 } = stats ?? {};
  return { mode, uid, gid, size, atime: seconds(atimeMs), mtime: seconds(mtimeMs) };
}
