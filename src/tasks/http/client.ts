/** The client itself: undici, connected by us, redirects followed by hand. */
import { isIP } from "node:net";
import type { Agent, buildConnector } from "undici";
import { isWranglerError, WranglerError } from "../../core/index.ts";
import { type AddressGuard, addressGuard } from "./address-guard.ts";
import { answerOf } from "./answer.ts";
import { checkedAddresses, type Resolve } from "./checked-addresses.ts";
import { firstReached } from "./checked-socket.ts";
import type { HttpAnswer, HttpRequest } from "./messages.ts";
import { type Hop, nextHop } from "./redirects.ts";
import { shownUrl } from "./shown-url.ts";

export interface ClientOptions {
  /** Host names, addresses and networks that may be reached although they are private. */
  readonly allowPrivate?: readonly string[];
  /** How many redirects to follow; 0 hands a redirect back as the answer. 5 when left out. */
  readonly maxRedirects?: number;
  /** Whether redirects may lead from https to http. */
  readonly allowDowngrade?: boolean;
  /** For each address of a host. 10 s when left out. */
  readonly connectTimeoutMs?: number;
  /** From the request to the last header of its answer. 60 s when left out. */
  readonly headersTimeoutMs?: number;
  /** Between two pieces of an answer's body. 60 s when left out. */
  readonly bodyTimeoutMs?: number;
  /** Certificates (PEM) to trust in place of the well-known authorities. */
  readonly ca?: string;
  /** How host names become addresses; by the system when left out. */
  readonly resolve?: Resolve;
}

/** Reaches public addresses only, besides those it is allowed. Pays no heed to proxies of the environment. */
export interface HttpClient {
  /**
   * Send a request and follow where it leads. The answer's status is for the caller to judge.
   *
   * @throws {WranglerError} ADDRESS_REFUSED, REDIRECT_REFUSED; NETWORK_FAILED when there is no answer;
   *   what the signal aborted with
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
  /** Break off whatever is under way. */
  close(): Promise<void>;
}

const MAX_REDIRECTS = 5;
const CONNECT_TIMEOUT_MS = 10_000;
const TIMEOUT_MS = 60_000;

/** A client to be closed when it is no longer needed. */
export async function guardedClient(options: ClientOptions = {}): Promise<HttpClient> {
  const guard = addressGuard(options.allowPrivate);
  // Loaded when it is needed: it is big, and most of what is asked of the tool goes without it.
  const undici = await import("undici");
  const { connectTimeoutMs: timeout = CONNECT_TIMEOUT_MS, ca } = options;
  const connect = undici.buildConnector({ timeout, ...(ca === undefined ? {} : { ca }) });
  const agent = new undici.Agent({
    connect: checkedConnector(connect, guard, options.resolve),
    headersTimeout: options.headersTimeoutMs ?? TIMEOUT_MS,
    bodyTimeout: options.bodyTimeoutMs ?? TIMEOUT_MS,
  });
  return {
    request: (request) => followed(agent, request, options),
    close: () => agent.destroy(),
  };
}

/** Connects to an address that was checked, and looks again at what it is connected to. */
function checkedConnector(
  connect: buildConnector.connector,
  guard: AddressGuard,
  resolve: Resolve | undefined,
): buildConnector.connector {
  const open = async (options: buildConnector.Options) => {
    const host = options.hostname;
    const addresses = await checkedAddresses(host, guard, resolve);
    // A certificate is held against the name, whatever address it is reached by.
    const servername = options.servername ?? (isIP(host) === 0 ? host : undefined);
    const socket = await firstReached(addresses, host, (hostname) =>
      connected(connect, {
        ...options,
        hostname,
        ...(servername === undefined ? {} : { servername }),
      }),
    );
    try {
      guard.check(host, socket.remoteAddress ?? "");
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };
  return (options, tell) => {
    open(options).then(
      (socket) => tell(null, socket),
      (error: unknown) => tell(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}

type Socket = Parameters<buildConnector.Callback>[1] & object;

function connected(
  connect: buildConnector.connector,
  options: buildConnector.Options,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    connect(options, (error, socket) => (error ? reject(error) : resolve(socket)));
  });
}

async function followed(
  agent: Agent,
  request: HttpRequest,
  { maxRedirects: usual = MAX_REDIRECTS, allowDowngrade = false }: ClientOptions,
): Promise<HttpAnswer> {
  const { maxRedirects = usual } = request;
  let hop = firstHop(request);
  for (let redirects = 0; ; redirects++) {
    const answer = await sent(agent, hop, request);
    if (maxRedirects === 0) return answer;
    let next: Hop | undefined;
    try {
      next = nextHop(hop, answer.status, answer.headers["location"], { allowDowngrade });
    } catch (error) {
      answer.discard();
      throw error;
    }
    if (!next) return answer;
    answer.discard();
    if (redirects === maxRedirects) {
      const reason = `${shownUrl(request.url)} redirects more than ${maxRedirects} times, last to ${shownUrl(next.url)}.`;
      throw new WranglerError("NETWORK_FAILED", reason);
    }
    hop = next;
  }
}

function firstHop({ url: given, method = "GET", headers = {}, body }: HttpRequest): Hop {
  const url = new URL(given);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    const reason = `expected an http or https address, got one of the kind ${url.protocol}`;
    throw new WranglerError("CONFIG_INVALID", reason);
  }
  if (url.username !== "" || url.password !== "") {
    const reason = `${shownUrl(url)}: a user and a password do not belong in an address.`;
    throw new WranglerError("CONFIG_INVALID", reason);
  }
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    url,
    method: method.toUpperCase(),
    headers: { "user-agent": "data-wrangler", accept: "*/*", ...Object.fromEntries(own) },
    body,
  };
}

async function sent(
  agent: Agent,
  { url, method, headers, body }: Hop,
  { cookies, signal }: HttpRequest,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const cookie = await cookies?.header(url);
  try {
    const {
      statusCode,
      headers: given,
      body: stream,
    } = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: cookie === undefined ? headers : { ...headers, cookie },
      body: body ?? null,
      signal,
    });
    await cookies?.keep(url, [given["set-cookie"] ?? []].flat());
    return answerOf(url, statusCode, given, stream, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw lost(`${method} ${shownUrl(url)}`, error);
  }
}

function lost(what: string, cause: unknown): unknown {
  if (isWranglerError(cause)) return cause;
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new WranglerError("NETWORK_FAILED", `${what}: ${why}`, {}, { cause });
}
