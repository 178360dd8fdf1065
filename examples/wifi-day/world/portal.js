/** The portal: a login form, exports for those who are logged in, and bad days. */
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { accessLog } from "./access-log.js";

const EXPORT = /^\/export\/(?<account>[a-z]+)\/(?<day>\d{8})-(?<part>[a-z]+)\.csv$/;
const SORRY = "<h1>We are working on it</h1>";

/**
 * @param {{ passwords: Record<string, string>, trouble: (request: { account: string, part: string, count: number }) => "fails" | "half" | "page" | undefined }} options
 *   `trouble` says what goes wrong with a request for an export; `count` is how often it was asked for.
 */
export async function startPortal({ passwords, trouble }) {
  const sessions = new Map();
  const counts = new Map();
  const log = [];

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://portal");
    if (request.method === "POST" && pathname === "/login") {
      logIn(await text(request), { passwords, sessions }, response);
      return;
    }
    const wanted = EXPORT.exec(pathname)?.groups;
    const session = /session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
    if (!wanted) response.writeHead(404).end();
    else if (sessions.get(session) !== wanted.account) response.writeHead(401).end("Log in first.");
    else answer(wanted, request, response);
  });

  const answer = (wanted, request, response) => {
    const name = `${wanted.account}/${wanted.day}-${wanted.part}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const wrong = trouble({ ...wanted, count });
    log.push({ name, wrong: wrong ?? null });
    if (wrong === "fails") response.writeHead(500).end("Out of order.");
    else if (wrong === "page") response.setHeader("content-type", "text/html").end(SORRY);
    else sendFile(Buffer.from(accessLog(wanted)), wrong === "half", request, response);
  };

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    log,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function logIn(body, { passwords, sessions }, response) {
  const form = new URLSearchParams(body);
  const user = form.get("user") ?? "";
  if (passwords[user] !== form.get("password")) {
    response.writeHead(401).end("Wrong user or password.");
    return;
  }
  const id = randomUUID();
  sessions.set(id, user);
  response.setHeader("set-cookie", `session=${id}; HttpOnly; Path=/`);
  response.end("<p>Welcome.</p>");
}

/** A file, or the rest of it that is asked for; when the line goes dead, half of that. */
function sendFile(file, breaksOff, request, response) {
  const etag = `"${createHash("sha256").update(file).digest("hex").slice(0, 16)}"`;
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  response.setHeader("content-type", "text/csv").setHeader("etag", etag);
  response.setHeader("content-length", file.length - from);
  if (from > 0) {
    response.setHeader("content-range", `bytes ${from}-${file.length - 1}/${file.length}`);
    response.statusCode = 206;
  }
  if (!breaksOff) {
    response.end(file.subarray(from));
    return;
  }
  const half = from + Math.floor((file.length - from) / 2);
  response.write(file.subarray(from, half), () => response.destroy());
}
