import { createHmac } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { keepMasked } from "../../../src/core/index.ts";
import { retryAfterMsOf, type UncertainPolicy } from "../../../src/orchestration/index.ts";
import { notify } from "../../../src/tasks/notify/index.ts";
import { withFolder } from "../../helpers/engine.ts";
import { memoryJournal } from "../../helpers/memory-journal.ts";
import { type Certificate, selfSignedCertificate } from "../../helpers/self-signed-certificate.ts";
import { taskContext } from "../../helpers/task-context.ts";

interface Received {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver does with a request: an answer, or nothing good. */
type Behaviour =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string }
  | "cut"
  | "cut answer"
  | "silence";

/** A receiver that behaves as it is told, one request after another, and well from then on. */
async function withReceiver(behaviours: readonly Behaviour[] = [], certificate?: Certificate) {
  const received: Received[] = [];
  const left = [...behaviours];
  const silences = new EventEmitter();
  const silenced = once(silences, "silence");
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ method: request.method ?? "", headers: request.headers, body });
      const next = left.shift() ?? { status: 204 };
      if (next === "cut") request.socket.destroy();
      else if (next === "silence") silences.emit("silence");
      else if (next === "cut answer") {
        response.writeHead(200, { "content-length": "1000" });
        response.write("begun");
        setImmediate(() => request.socket.destroy());
      } else response.writeHead(next.status, next.headers).end(next.text ?? "");
    });
  };
  const server = certificate
    ? createSecureServer({ key: certificate.key, cert: certificate.cert }, listener)
    : createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const url = `${certificate ? "https://localhost" : "http://127.0.0.1"}:${port}/hook`;
  return { url, received, silenced, close: () => server.close() };
}

interface Parts {
  readonly folder?: string;
  readonly journal?: ReturnType<typeof memoryJournal>;
  readonly policy?: UncertainPolicy;
  readonly signal?: AbortSignal;
}

async function ran(url: string, options: object = {}, parts: Parts = {}) {
  const { folder = await withFolder(), ...rest } = parts;
  const checked = notify.options.parse({ url, allowPrivate: ["127.0.0.1"], ...options });
  return notify.run(taskContext({ options: checked, folder, ...rest }));
}

const failing = (code: string, text = "") =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });
const statuses = (journal: ReturnType<typeof memoryJournal>) =>
  journal.entries.flatMap(({ effects = [] }) => effects.map(({ status }) => status));

describe("a notification", () => {
  it("tells by itself whose run it is about", async () => {
    const { url, received } = await withReceiver([{ status: 201, text: "noted" }]);
    const journal = memoryJournal();
    const results = await ran(url, {}, { journal });

    const [{ method, headers, body } = expect.fail()] = received;
    expect(method).toBe("POST");
    expect(JSON.parse(body)).toEqual({
      event: "task.notify",
      run: "run-1",
      account: "acme",
      workflow: "daily",
      task: "own",
      scheduledAt: "2026-03-01T10:00:00.000Z",
    });
    const [{ key } = expect.fail()] = journal.effects("own");
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "idempotency-key": key,
      "x-data-wrangler-event": "task.notify",
    });
    expect(headers).not.toHaveProperty("x-data-wrangler-signature");
    expect(results).toEqual({ status: 201, answer: "noted", key });
  });

  it("is signed so that its receiver can tell that body and time are ours", async () => {
    const { url, received } = await withReceiver();
    const secret = "a shared secret";
    const before = Math.floor(Date.now() / 1_000);
    const body = { text: "ärgerlich", list: [1, null] };
    await ran(url, { secret, body, event: "day.done", headers: { Authorization: "Bearer x" } });

    const [{ headers, body: text } = expect.fail()] = received;
    const [, time, hmac] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["x-data-wrangler-signature"])) ?? [];
    expect(hmac).toBe(createHmac("sha256", secret).update(`${time}.${text}`).digest("hex"));
    expect(Number(time)).toBeGreaterThanOrEqual(before);
    expect(Number(time)).toBeLessThanOrEqual(Math.ceil(Date.now() / 1_000));
    expect(JSON.parse(text)).toEqual(body);
    expect(headers).toMatchObject({
      authorization: "Bearer x",
      "x-data-wrangler-event": "day.done",
    });
  });

  it("that was taken is not posted again", async () => {
    const { url, received } = await withReceiver();
    const journal = memoryJournal();
    const first = await ran(url, {}, { journal });
    expect(await ran(url, {}, { journal })).toEqual(first);
    expect(received).toHaveLength(1);
  });

  it("goes by TLS to who has a trusted certificate", async () => {
    const certificate = selfSignedCertificate();
    const { url, received } = await withReceiver([], certificate);
    const folder = await withFolder();
    await writeFile(join(folder, "ca.pem"), certificate.cert);
    const options = { allowPrivate: ["localhost"] };

    await expect(ran(url, options, { folder })).rejects.toEqual(
      failing("NOTIFY_FAILED", "self-signed certificate"),
    );
    await ran(url, { ...options, ca: "ca.pem" }, { folder });
    expect(received).toHaveLength(1);
    await expect(ran(url, { ...options, ca: "gone.pem" }, { folder })).rejects.toEqual(
      failing("CONFIG_INVALID", "gone.pem"),
    );
  });

  it.each(["http://127.0.0.1:9/", "http://2130706433:9/", "http://[::ffff:127.0.0.1]:9/"])(
    "does not go to the private address %s",
    async (url) => {
      await expect(ran(url, { allowPrivate: [] })).rejects.toEqual(failing("ADDRESS_REFUSED"));
    },
  );
});

describe("a receiver that answers", () => {
  it.each([500, 502, 503, 408, 425, 429])(
    "%i is asked again, no sooner than it says",
    async (status) => {
      const headers = { "retry-after": "7" };
      const { url, received } = await withReceiver([{ status, headers, text: "later" }]);
      const journal = memoryJournal();
      const error: unknown = await ran(url, {}, { journal }).catch((e: unknown) => e);
      expect(error).toEqual(failing("NOTIFY_FAILED", `answered ${status}`));
      expect(retryAfterMsOf(error, Date.now())).toBe(7_000);

      await ran(url, {}, { journal });
      const [first, second] = received.map((one) => one.headers["idempotency-key"]);
      expect(second).toBe(first);
      expect(statuses(journal)).toEqual(["INTENDED", "NOT_DONE", "INTENDED", "DONE"]);
    },
  );

  it.each([400, 401, 404, 410, 422, 301, 307])("%i is believed", async (status) => {
    const { url, received } = await withReceiver([
      { status, headers: { location: "/elsewhere" }, text: "no" },
    ]);
    await expect(ran(url)).rejects.toEqual(failing("NOTIFY_REFUSED", `answered ${status}`));
    expect(received).toHaveLength(1);
  });

  it("is held to the statuses that are expected", async () => {
    const { url } = await withReceiver([{ status: 202 }, { status: 202 }]);
    expect(await ran(url, { expectStatus: [202, 409] })).toMatchObject({ status: 202 });
    await expect(ran(url, { expectStatus: [200] })).rejects.toEqual(
      failing("NOTIFY_REFUSED", "expected 200"),
    );
  });

  it("at length is read to a limit, and what it says of a secret is masked", async () => {
    const secret = "swordfish-4711";
    keepMasked(secret);
    const text = `got ${secret} ${"x".repeat(1_000_000)}`;
    const { url } = await withReceiver([{ status: 200, text }]);
    const { answer } = await ran(`${url}?token=${secret}`, { secret });
    expect(answer).toMatch(/^got \*\*\* x{1992}$/);
  });

  it("and then breaks off has taken it", async () => {
    const { url } = await withReceiver(["cut answer"]);
    expect(await ran(url)).toMatchObject({ status: 200, answer: "" });
  });
});

describe.each(["cut", "silence"] as const)("an answer that is lost (%s)", (behaviour) => {
  const options = { answerWithin: "300ms" };

  it("is no question where the receiver tells repetitions", async () => {
    const { url, received } = await withReceiver([behaviour]);
    const journal = memoryJournal();
    await expect(ran(url, options, { journal })).rejects.toEqual(failing("NOTIFY_FAILED"));
    await ran(url, options, { journal });
    const keys = received.map(({ headers }) => headers["idempotency-key"]);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
    expect(statuses(journal)).toEqual(["INTENDED", "NOT_DONE", "INTENDED", "DONE"]);
  });

  it("leaves it uncertain where it does not", async () => {
    const { url, received } = await withReceiver([behaviour]);
    const given = { ...options, idempotent: false };
    await expect(ran(url, given)).rejects.toEqual(failing("EFFECT_UNCERTAIN"));
    expect(received).toHaveLength(1);
    const skipped = await withReceiver([behaviour]);
    expect(await ran(skipped.url, given, { policy: "skip" })).toEqual({
      status: null,
      answer: null,
      key: null,
    });
  });
});

it("what a killed process left behind is posted again, or asked about", async () => {
  const { url, received } = await withReceiver();
  const killed = async () => {
    const journal = memoryJournal();
    const stop = new AbortController();
    const silent = await withReceiver(["silence"]);
    const run = ran(silent.url, { idempotent: false }, { journal, signal: stop.signal });
    await silent.silenced;
    // Of what comes after, nothing is written down any more.
    const [left] = journal.effects("own");
    stop.abort(new Error("killed"));
    await run.catch(() => undefined);
    await journal.commit({ effects: [left!] });
    return journal;
  };
  expect(await ran(url, {}, { journal: await killed() })).toMatchObject({ status: 204 });
  await expect(ran(url, { idempotent: false }, { journal: await killed() })).rejects.toEqual(
    failing("EFFECT_UNCERTAIN"),
  );
  expect(received).toHaveLength(1);
});

it("an attempt that is to end leaves an open post to the next", async () => {
  const { url, silenced } = await withReceiver(["silence"]);
  const journal = memoryJournal();
  const stop = new AbortController();
  const run = ran(url, { idempotent: false }, { journal, signal: stop.signal });
  await silenced;
  stop.abort(new Error("time is up"));
  await expect(run).rejects.toThrow("time is up");
  expect(statuses(journal)).toEqual(["INTENDED", "UNCERTAIN"]);
});

it("a receiver that is not there has been told nothing", async () => {
  const { url, close } = await withReceiver();
  close();
  const journal = memoryJournal();
  await expect(ran(url, { idempotent: false }, { journal })).rejects.toEqual(
    failing("NOTIFY_FAILED", "ECONNREFUSED"),
  );
  expect(statuses(journal)).toEqual(["INTENDED", "NOT_DONE"]);
});

it.each([
  [{ url: "ftp://example.com/" }, "http or https"],
  [{ url: "https://user:password@example.com/" }, "without a user"],
  [{ url: "example.com" }, "http or https"],
  [{ headers: { "X-A": "a\r\nX-B: b" } }, "one line"],
  [{ headers: { "X-A\r\nX-B": "b" } }, ""],
  [{ headers: { "Content-Length": "1" } }, ""],
  [{ headers: { "X-Data-Wrangler-Signature": "t=1" } }, ""],
  [{ event: "a\r\nb" }, "a name"],
  [{ secret: "short" }, ""],
  [{ allowPrivate: ["10.0.0"] }, "expected a host name"],
])("options %j are refused", (options, message) => {
  const { error } = notify.options.safeParse({ url: "https://example.com/", ...options });
  expect(error?.issues[0]?.message).toContain(message);
});
