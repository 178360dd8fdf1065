/** Where the service answers to those who watch it. */
import { once } from "node:events";
import { createServer } from "node:http";
import { WranglerError } from "../core/index.ts";
import type { HealthCheck } from "../orchestration/index.ts";
import { sentenceOf } from "./workshop.ts";

/** What is answered. */
export interface Answers {
  /** Whether the process is at work at all. */
  readonly isAlive: () => boolean;
  /** Whether it starts runs at their time. */
  readonly isReady: () => boolean;
  readonly checks: () => readonly HealthCheck[];
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
}

export interface Listener {
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;
const MISDIRECTED = 421;
const UNAVAILABLE = 503;

/**
 * Listen for `/healthz`, `/readyz` and `/metrics`. On a loopback address only requests that name one
 * are answered: a page that a browser shows cannot ask under a name of its own.
 *
 * @throws {WranglerError} SERVICE_ADDRESS when the address is taken or is none of this machine.
 */
export async function listen(host: string, port: number, answers: Answers): Promise<Listener> {
  const { getRequestListener } = await import("@hono/node-server");
  const app = await routes(host, answers);
  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => void answer(request, response));
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    const reason = `${host}:${port}: ${sentenceOf(cause)}.`;
    throw new WranglerError("SERVICE_ADDRESS", reason, { host, port }, { cause });
  }
  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function routes(host: string, answers: Answers) {
  const { Hono } = await import("hono");
  const app = new Hono();
  app.use(async (context, next) => {
    const asked = hostnameOf(context.req.header("host") ?? "");
    if (LOOPBACK.test(host) && asked !== host && !LOOPBACK.test(asked)) {
      return context.text("This host is not served here.\n", MISDIRECTED);
    }
    await next();
    context.header("cache-control", "no-store");
    return undefined;
  });
  app.get("/healthz", (context) => {
    const isAlive = answers.isAlive();
    return context.json({ status: isAlive ? "ok" : "failing" }, isAlive ? 200 : UNAVAILABLE);
  });
  app.get("/readyz", (context) => {
    const isReady = answers.isReady();
    const body = { status: isReady ? "ok" : "failing", checks: answers.checks() };
    return context.json(body, isReady ? 200 : UNAVAILABLE);
  });
  app.get("/metrics", async (context) => {
    const { type, text } = await answers.metrics();
    return context.body(text, 200, { "content-type": type });
  });
  return app;
}

/** Without its port. */
function hostnameOf(header: string): string {
  return header.replace(/:\d+$/, "").toLowerCase();
}
