import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Before and after a request counts: a caller may be killed before it, and before it hears of it. */
const PAUSE_MS = 40;

export interface EffectServer {
  readonly url: string;
  /** How often an effect of a key arrived. */
  count(key: string): number;
  close(): void;
}

/**
 * The world outside: `POST /effects` with an `idempotency-key` counts, and does not tell repetitions
 * apart; `GET /effects/KEY` answers `{ count }`.
 */
export async function startEffectServer(): Promise<EffectServer> {
  const counts = new Map<string, number>();
  const count = (key: string) => counts.get(key) ?? 0;
  const server = createServer(async (request, response) => {
    request.resume();
    const isPost = request.method === "POST";
    const key = isPost
      ? String(request.headers["idempotency-key"])
      : (request.url?.split("/").at(-1) ?? "");
    if (isPost) {
      await sleep(PAUSE_MS);
      counts.set(key, count(key) + 1);
      await sleep(PAUSE_MS);
    }
    response.end(JSON.stringify({ count: count(key) }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/effects`,
    count,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
