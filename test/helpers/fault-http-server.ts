import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
) => void | Promise<void>;

/** What each path answers: one thing, or one after the other, the last one from then on. */
export type Routes = Readonly<Record<string, Answer | readonly Answer[]>>;

export interface FaultServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** In the order in which they came. */
  readonly requests: readonly SeenRequest[];
  /** What a path answers from now on. */
  answer(path: string, ...answers: Answer[]): void;
}

export interface FaultServerOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A real server on loopback that goes wrong as told; it ends with the test. */
export async function startFaultServer(
  routes: Routes = {},
  { tls }: FaultServerOptions = {},
): Promise<FaultServer> {
  const requests: SeenRequest[] = [];
  const answers = new Map(Object.entries(routes).map(([path, one]) => [path, [one].flat()]));
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = "", url: path = "", headers } = request;
    const body = await text(request);
    requests.push({ method, path, headers, body });
    const own = answers.get(path) ?? answers.get(path.split("?")[0] ?? "") ?? [];
    const answer = own.length > 1 ? own.shift() : own[0];
    await (answer ?? says("no such path", { status: 404 }))(request, response, body);
  };
  const server = tls ? createTlsServer(tls, respond) : createServer(respond);
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, "close");
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    requests,
    answer: (path, ...given) => void answers.set(path, given),
  };
}

type Headers = Readonly<Record<string, string>>;

export function says(
  content: string | Buffer,
  { status = 200, headers = {} }: { status?: number; headers?: Headers } = {},
): Answer {
  return (_request, response) => {
    response.writeHead(status, headers);
    response.end(content);
  };
}

export function redirects(location: string, status = 302, headers: Headers = {}): Answer {
  // As bytes: what is no ASCII would be refused.
  const bytes = Buffer.from(location).toString("latin1");
  return says("", { status, headers: { location: bytes, ...headers } });
}

/** Takes the request and says nothing. */
export const hangs: Answer = () => {};

/** Ends the connection without a word. */
export const resets: Answer = (request) => void request.socket.destroy();

export interface ServedFile {
  readonly headers?: Headers;
  /** Breaks the connection after this many bytes of the body. */
  readonly cutAfter?: number;
  /** Takes no notice of Range. */
  readonly wholeOnly?: boolean;
}

/** Serves a file as a good server does: 304, Range and If-Range by its `etag` or `last-modified`. */
export function serves(content: Buffer, options: ServedFile = {}): Answer {
  const { headers = {}, cutAfter, wholeOnly = false } = options;
  const validator = headers["etag"] ?? headers["last-modified"];
  return (request, response) => {
    const { "if-none-match": none, "if-modified-since": since, range } = request.headers;
    if (validator !== undefined && (none ?? since) === validator) {
      response.writeHead(304, headers);
      response.end();
      return;
    }
    const ifRange = request.headers["if-range"];
    const [, from] = /^bytes=(\d+)-$/.exec(range ?? "") ?? [];
    const isRest = !wholeOnly && from !== undefined && (ifRange ?? validator) === validator;
    const start = isRest ? Number(from) : 0;
    if (isRest && start >= content.length) {
      response.writeHead(416, { "content-range": `bytes */${content.length}` });
      response.end();
      return;
    }
    const body = content.subarray(start);
    const last = content.length - 1;
    response.writeHead(isRest ? 206 : 200, {
      "content-length": String(body.length),
      ...headers,
      ...(isRest ? { "content-range": `bytes ${start}-${last}/${content.length}` } : {}),
    });
    if (cutAfter === undefined) response.end(body);
    else response.write(body.subarray(0, cutAfter), () => request.socket.destroySoon());
  };
}
